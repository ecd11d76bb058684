import { describe, expect, it } from 'vitest'
import { type GraphDescription, type TrainingOptions, trainingGraph } from '../../../src/graph/index.js'
import { keptBytes, named, peakBytes, readsOf, total } from './helpers.js'

const activation = 1000
const weight = 40

/** A chain of n linear layers of equal width, `perModule` of them in each module layers.0, layers.1, ... */
function chain(n: number, perModule: number): GraphDescription {
  const layer = (i: number) => `l${String(i).padStart(3, '0')}`
  const output = (i: number) => (i === 0 ? 'x.out' : `${layer(i)}.out`)
  const from = (i: number) => (i === 0 ? 'x' : layer(i))
  const layers = Array.from({ length: n }, (_, k) => k + 1)
  return {
    name: 'chain',
    ops: [
      { name: 'x', type: 'Input', seconds: 0.001, outputs: [{ name: 'x.out', bytes: activation }] },
      ...layers.map((i) => ({
        name: layer(i),
        type: 'MatMul',
        module: `layers.${Math.floor((i - 1) / perModule)}`,
        seconds: 0.001,
        parameterBytes: weight,
        outputs: [{ name: output(i), bytes: activation }],
      })),
    ],
    edges: layers.map((i) => ({ from: from(i - 1), to: layer(i), output: output(i - 1) })),
  }
}

describe('peak of a chain of n layers on one device, by the memory rules', () => {
  const peak = (n: number, perModule: number, options: TrainingOptions = {}) =>
    peakBytes(trainingGraph(chain(n, perModule), options))
  /** Weights and two Adam states each, for the whole step. */
  const permanent = (n: number) => 3 * n * weight

  it.each([2, 4, 16, 100])(
    'n = %i: every activation at the turning point, two gradients, the first weight gradient',
    (n) => {
      expect(peak(n, 1)).toBe(permanent(n) + (n + 2) * activation + weight)
    },
  )

  it.each([2, 4, 8, 10])('recomputing %i modules of as many layers leaves twice the root', (k) => {
    // k module inputs, k - 1 activations computed again, the two gradients.
    const n = k * k
    expect(peak(n, k, { recompute: 'full' })).toBe(permanent(n) + (2 * k + 1) * activation + weight)
  })
})

describe('recomputation', () => {
  const graph = chain(4, 2)
  const training = trainingGraph(graph, { recompute: ['layers.1'] })

  it('repeats only what the backward pass of the module reads, from the input of the module, when its gradient is there', () => {
    expect(training.ops.filter(({ name }) => name.endsWith('recompute')).map(({ name }) => name)).toEqual([
      'l003.recompute',
    ])
    expect(readsOf(training, 'l003.recompute')).toEqual(['l002.out', '~loss.backward'])
    expect(readsOf(training, 'l004.backward')).toEqual(['l003.out.recomputed', 'l004.out.gradient'])
    expect(readsOf(training, 'l002.backward')).toEqual(['l001.out', 'l002.out.gradient'])
    expect(named(training, 'l003.recompute')).toMatchObject({
      seconds: 0.001,
      colocationGroup: 'l003',
      phase: 'backward',
    })
    expect(named(training, 'l003.recompute').parameterBytes).toBeUndefined()
  })

  it('keeps less and computes more', () => {
    expect(keptBytes(training)).toBe(keptBytes(trainingGraph(graph)) - activation)
    expect(total(training, (op) => op.seconds as number)).toBeGreaterThan(
      total(trainingGraph(graph), (op) => op.seconds as number),
    )
  })

  it('refuses a pattern that matches nothing', () => {
    expect(() => trainingGraph(graph, { recompute: ['layers.7'] })).toThrow(/no module matches layers.7/)
    const flat = { ...graph, ops: graph.ops.map((op) => ({ ...op, module: undefined })) }
    expect(() => trainingGraph(flat, { recompute: 'full' })).toThrow(/no module is numbered/)
  })
})
