import * as fc from 'fast-check'
import type { EdgeDescription, GraphDescription, OpDescription } from '../../../src/graph/index.js'
import type { Cluster } from '../../../src/hardware/index.js'
import { clusterOf } from '../../helpers/clusters.js'

export interface ThroughputInstance {
  readonly graph: GraphDescription
  readonly cluster: Cluster
  readonly limits: readonly number[]
}

const milliseconds = fc.oneof(
  { weight: 1, arbitrary: fc.constant(0) },
  { weight: 5, arbitrary: fc.integer({ min: 1, max: 9 }) },
)

/**
 * Small graphs with measured transfers, inference or training: backward ops share their forward op's group and run against its edges, or, `twisted`,
 * along edges of their own. One to three accelerators, perhaps of two kinds, and a pool of no, one or two CPUs; half of the memories are tight.
 */
export function throughputInstances(most: number): fc.Arbitrary<ThroughputInstance> {
  const shape = fc.record({
    ms: milliseconds,
    slowness: fc.integer({ min: 1, max: 3 }),
    cost: milliseconds,
    bytes: fc.integer({ min: 0, max: 6 }),
    group: fc.option(fc.constantFrom('g', 'h'), { nil: undefined, freq: 4 }),
    onlyCpu: fc.integer({ min: 0, max: 11 }).map((n) => n === 0),
    inputs: fc.array(fc.nat(), { maxLength: 3 }),
    twist: fc.nat(),
  })
  return fc
    .record({
      shapes: fc.array(shape, { minLength: 1, maxLength: most, size: 'max' }),
      mode: fc.constantFrom('inference', 'training', 'twisted'),
      accelerators: fc.constantFrom(
        ['fast'],
        ['fast', 'fast'],
        ['fast', 'fast', 'fast'],
        ['fast', 'slow'],
        ['fast', 'slow', 'slow'],
      ),
      cpus: fc.integer({ min: 0, max: 2 }),
      tightness: fc.option(fc.double({ min: 0.3, max: 1, noNaN: true }), { nil: undefined, freq: 2 }),
    })
    .map(({ shapes, mode, accelerators, cpus, tightness }) => {
      const kinds = [...accelerators, ...new Array<string>(cpus).fill('cpu')]
      const total = shapes.reduce((sum, { bytes }) => sum + bytes, 0)
      return {
        graph: graphFrom(shapes, mode, cpus > 0),
        cluster: clusterOf([{ kinds }], 'half-duplex'),
        limits: kinds.map((kind) =>
          kind === 'cpu' || tightness === undefined ? Number.POSITIVE_INFINITY : Math.ceil(total * tightness),
        ),
      }
    })
}

interface Shape {
  readonly ms: number
  readonly slowness: number
  readonly cost: number
  readonly bytes: number
  readonly group?: string
  readonly onlyCpu: boolean
  readonly inputs: readonly number[]
  readonly twist: number
}

function graphFrom(shapes: readonly Shape[], mode: string, hasCpu: boolean): GraphDescription {
  const isTraining = mode !== 'inference'
  const make = (i: number, backward: boolean): OpDescription => {
    const { ms, slowness, cost, bytes, group, onlyCpu } = shapes[i]
    const name = `${backward ? 'b' : 'f'}${i}`
    return {
      name,
      type: 'Op',
      phase: backward ? 'backward' : 'forward',
      seconds: { fast: ms / 1e3, slow: (ms * slowness) / 1e3, cpu: (4 * ms) / 1e3 },
      parameterBytes: backward ? 0 : bytes,
      outputs: [{ name: `${name}.out`, bytes: 0, transferSeconds: cost / 1e3 }],
      ...(onlyCpu && hasCpu && { deviceKinds: ['cpu'] }),
      ...((group || isTraining) && { colocationGroup: group ?? `own ${i}` }),
    }
  }
  const edge = (from: string, to: string): EdgeDescription => ({ from, to, output: `${from}.out`, bytes: 0 })
  const ops: OpDescription[] = []
  const edges: EdgeDescription[] = []
  shapes.forEach(({ inputs, twist }, i) => {
    ops.push(make(i, false))
    if (isTraining) {
      ops.push(make(i, true))
      edges.push(edge(`f${i}`, `b${i}`))
    }
    for (const j of new Set(i === 0 ? [] : inputs.map((input) => input % i))) {
      edges.push(edge(`f${j}`, `f${i}`))
      if (mode === 'training') edges.push(edge(`b${i}`, `b${j}`))
    }
    if (mode === 'twisted' && i > 0) edges.push(edge(`b${i}`, `b${twist % i}`))
  })
  return { name: 'random', ops, edges }
}
