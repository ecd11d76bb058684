import * as fc from 'fast-check'
import { describe, expect, it, test } from 'vitest'
import { buildGraph, type GraphDescription, type OpDescription, trainingGraph } from '../../../src/graph/index.js'
import { graphs } from '../../helpers/instances.js'
import { keptBytes, named, readsOf, total } from './helpers.js'

const tensor = (name: string, shape: number[], dtype = 'fp32') => ({
  name,
  shape,
  dtype,
  bytes: shape.reduce((a, b) => a * b, dtype === 'int64' ? 8 : dtype === 'bool' ? 1 : 4),
})

/** Ops by "name: Type(inputs) [shape]"; a matrix in `weights` belongs to the op of its key. */
function model(
  lines: Record<
    string,
    [type: string, inputs: string[], shape: number[], more?: Partial<OpDescription> & { dtype?: string }]
  >,
  weights: Record<string, number[]> = {},
): GraphDescription {
  const ops = Object.entries(lines).map(
    ([name, [type, , shape, { dtype, ...more } = {}]]): OpDescription => ({
      name,
      type,
      dtype: 'fp32',
      flops: 100,
      matrixFlops: type === 'MatMul' ? 80 : 0,
      outputs: [tensor(`${name}.out`, shape, dtype)],
      ...(weights[name] && { parameterBytes: weights[name].reduce((a, b) => a * b, 4) }),
      ...more,
    }),
  )
  return {
    name: 'model',
    ops,
    edges: Object.entries(lines).flatMap(([to, [, inputs]]) =>
      inputs.map((from) => ({ from, to, output: `${from}.out` })),
    ),
    parameters: Object.entries(weights).map(([op, shape]) => ({ name: `${op}.weight`, shape, dtype: 'fp32', op })),
  }
}

const mlp = model(
  {
    x: ['Input', [], [4, 8]],
    up: ['MatMul', ['x'], [4, 16]],
    act: ['Gelu', ['up'], [4, 16]],
    down: ['MatMul', ['act'], [4, 8]],
    add: ['Add', ['x', 'down'], [4, 8]],
  },
  { up: [8, 16], down: [16, 8] },
)

describe('trainingGraph of two layers', () => {
  const training = trainingGraph(mlp)

  test('has these ops, each reading what its derivative needs', () => {
    const added = training.ops.filter(({ phase }) => phase !== 'forward').map(({ name }) => name)
    expect(Object.fromEntries(added.map((name) => [name, readsOf(training, name)]))).toEqual({
      'loss.backward': ['add.out', 'loss'],
      'down.backward': ['act.out', 'add.out.gradient'],
      'act.backward': ['act.out.gradient', 'up.out'],
      'up.backward': ['up.out.gradient', 'x.out'],
      'optimizer.step': ['~down.backward', '~up.backward'],
      'up.optimizer': ['up.weight.gradient', '~optimizer.step'],
      'down.optimizer': ['down.weight.gradient', '~optimizer.step'],
    })
  })

  test('costs one product for each gradient, none for that of the first input', () => {
    expect(total(mlp, (op) => op.matrixFlops)).toBe(160)
    expect(total(training, (op) => op.matrixFlops)).toBe(160 + 80 + 160)
    expect(named(training, 'down.backward')).toMatchObject({ flops: 180, matrixFlops: 160 })
    expect(named(training, 'up.backward')).toMatchObject({ flops: 100, matrixFlops: 80 })
    expect(named(training, 'act.backward')).toMatchObject({ flops: 100, matrixFlops: 0 })
  })

  test('moves the gradient, what is kept and the weight', () => {
    expect(named(training, 'down.backward').bytesAccessed).toBe(4 * (32 + 64 + 128) + 4 * (64 + 128))
  })

  test('colocates an op with its backward ops and its optimizer', () => {
    for (const name of ['up', 'down'])
      expect(training.ops.filter(({ colocationGroup }) => colocationGroup === name).map((op) => op.name)).toEqual(
        training.ops.map((op) => op.name).filter((each) => each.split('.')[0] === name),
      )
    expect(named(training, 'loss').colocationGroup).toBe('add')
  })

  test('holds gradients until the optimizer, and its states', () => {
    expect(named(training, 'up.backward').outputs).toEqual([tensor('up.weight.gradient', [8, 16])])
    expect(named(training, 'up.optimizer')).toMatchObject({
      phase: 'optimizer',
      parameterBytes: 2 * 4 * 128,
      flops: 12 * 128,
    })
  })

  test('is a valid graph, and a training graph already', () => {
    expect(buildGraph(training).topologicalOrder.length).toBe(training.ops.length)
    expect(trainingGraph(training)).toBe(training)
  })
})

describe('trainingGraph', () => {
  it('adds up the gradients of a tensor that several ops read, beside its producer', () => {
    const training = trainingGraph(
      model(
        {
          w: ['MatMul', ['x'], [4, 4]],
          x: ['Input', [], [4, 4]],
          a: ['Relu', ['w'], [4, 4]],
          b: ['Tanh', ['w'], [4, 4]],
          c: ['Mul', ['a', 'b'], [4, 4]],
        },
        { w: [4, 4] },
      ),
    )
    expect(readsOf(training, 'w.out.accumulate')).toEqual(['w.out.gradient.a', 'w.out.gradient.b'])
    expect(named(training, 'w.out.accumulate')).toMatchObject({ type: 'Add', flops: 16, colocationGroup: 'w' })
    expect(readsOf(training, 'w.backward')).toEqual(['w.out.gradient', 'x.out'])
    expect(readsOf(training, 'c.backward')).toEqual(['a.out', 'b.out', 'c.out.gradient'])
    expect(readsOf(training, 'a.backward')).toEqual(['a.out', 'a.out.gradient'])
  })

  it('sends nothing through integers, comparisons and what lies behind no parameter', () => {
    const training = trainingGraph(
      model(
        {
          ids: ['Input', [], [4], { dtype: 'int64' }],
          table: ['Gather', ['ids'], [4, 8]],
          mask: ['Greater', ['table'], [4, 8], { dtype: 'bool' }],
          chosen: ['Where', ['mask', 'table'], [4, 8]],
          fixed: ['Cast', ['ids'], [4, 8]],
          out: ['Mul', ['chosen', 'fixed'], [4, 8]],
        },
        { table: [100, 8] },
      ),
    )
    const backward = training.ops.filter(({ phase }) => phase === 'backward').map(({ name }) => name)
    expect(backward.sort()).toEqual(['chosen.backward', 'loss.backward', 'out.backward', 'table.backward'])
    expect(readsOf(training, 'out.backward')).toEqual(['fixed.out', 'out.out.gradient'])
    expect(readsOf(training, 'chosen.backward')).toEqual(['chosen.out.gradient', 'mask.out'])
    expect(readsOf(training, 'table.backward')).toEqual(['ids.out', 'table.out.gradient.chosen'])
  })

  it('adds the gradients of a tied weight in the optimizer of the op that holds it', () => {
    const tied = model(
      {
        ids: ['Input', [], [4], { dtype: 'int64' }],
        table: ['Gather', ['ids'], [4, 8], { colocationGroup: 'tie' }],
        head: ['MatMul', ['table'], [4, 100], { colocationGroup: 'tie' }],
      },
      { table: [100, 8] },
    )
    const training = trainingGraph(tied)
    expect(readsOf(training, 'table.optimizer')).toEqual([
      'table.weight.gradient',
      'table.weight.gradient.head',
      '~optimizer.step',
    ])
    expect(named(training, 'table.optimizer')).toMatchObject({
      flops: 13 * 800,
      parameterBytes: 8 * 800,
      colocationGroup: 'tie',
    })
    expect(readsOf(training, 'head.backward')).toEqual(['head.out.gradient', 'table.out'])
    expect(training.ops.some(({ name }) => name === 'head.optimizer')).toBe(false)
  })

  it('knows every reader of a weight that names them, whatever the ops look like', () => {
    const plain = model(
      {
        ids: ['Input', [], [4], { dtype: 'int64' }],
        table: ['Gather', ['ids'], [4, 8]],
        scaled: ['Mul', ['table'], [4, 8]],
      },
      { table: [8] },
    )
    const [weight, ...rest] = plain.parameters ?? []
    const tied = { ...plain, parameters: [{ ...weight, readers: ['scaled', 'table'] }, ...rest] }
    expect(readsOf(trainingGraph(plain), 'table.optimizer')).not.toContain('table.weight.gradient.scaled')
    expect(readsOf(trainingGraph(tied), 'table.optimizer')).toContain('table.weight.gradient.scaled')
  })

  it('reduces the gradient of a broadcast operand, passes the other', () => {
    const training = trainingGraph(
      model(
        { a: ['MatMul', [], [4, 8]], b: ['MatMul', [], [8]], sum: ['Add', ['a', 'b'], [4, 8]] },
        { a: [4, 8], b: [8, 8] },
      ),
    )
    expect(readsOf(training, 'a.backward')).toEqual(['sum.out.gradient', '~sum.backward'])
    expect(named(training, 'sum.backward').outputs).toEqual([tensor('b.out.gradient', [8])])
  })

  it('starts at a scalar output and leaves other outputs alone', () => {
    const training = trainingGraph(
      model(
        { a: ['MatMul', [], [4, 8]], loss: ['ReduceMean', ['a'], []], aside: ['Relu', ['a'], [4, 8]] },
        { a: [4, 8] },
      ),
    )
    expect(training.ops.map(({ name }) => name)).not.toContain("loss'")
    expect(readsOf(training, 'loss.backward')).toEqual(['loss.out'])
    expect(named(training, "loss.backward'")).toMatchObject({ type: 'ReduceMean.backward' })
    expect(training.ops.map(({ name }) => name)).not.toContain('aside.backward')
  })

  it('starts at an op without outputs, as profiles show the loss', () => {
    const { ops, edges, ...rest } = model({ a: ['MatMul', [], [4, 8]], loss: ['Softmax', ['a'], []] }, { a: [4, 8] })
    const training = trainingGraph({
      ...rest,
      edges,
      ops: ops.map((op) => (op.name === 'loss' ? { ...op, outputs: undefined } : op)),
    })
    expect(readsOf(training, 'loss.backward')).toEqual(['~loss'])
    expect(readsOf(training, "loss.backward'")).toEqual(['~loss.backward'])
    expect(readsOf(training, 'a.backward')).toEqual(['a.out.gradient'])
  })

  it('sums up for a bias before the gradient moves on, so that nothing waits for it', () => {
    const training = trainingGraph(
      model({ a: ['MatMul', [], [4, 8]], bias: ['Add', ['a'], [4, 8]] }, { a: [4, 8], bias: [8] }),
    )
    expect(named(training, 'bias.backward').outputs).toEqual([tensor('bias.weight.gradient', [8])])
    expect(readsOf(training, 'a.backward')).toEqual(['bias.out.gradient', '~bias.backward'])
  })

  it('leaves a byte an element of dropout, statistics of norms, places of maxima', () => {
    const shape = [2, 3, 8]
    const training = trainingGraph(
      model(
        {
          w: ['MatMul', [], shape],
          drop: ['Dropout', ['w'], shape],
          norm: ['LayerNormalization', ['drop'], shape],
          pool: ['MaxPool', ['norm'], [2, 3, 4]],
        },
        { w: [3, 8] },
      ),
    )
    expect(named(training, 'drop').outputs?.[1]).toEqual({ name: 'drop.left', bytes: 48 })
    expect(named(training, 'norm').outputs?.[1]).toEqual({ name: 'norm.left', bytes: 2 * 4 * 6 })
    expect(named(training, 'pool').outputs?.[1]).toEqual({ name: 'pool.left', bytes: 8 * 24 })
    expect(keptBytes(training)).toBe(48 + 48 + 4 * 48 + 4 * 48 + 192 + 4 * 24 + 4)
  })

  it('keeps inputs and outputs of a type it does not know, at twice the cost, and says so', () => {
    const training = trainingGraph(model({ w: ['MatMul', [], [4]], odd: ['Mystery', ['w'], [4]] }, { w: [4, 4] }))
    expect(readsOf(training, 'odd.backward')).toEqual(['odd.out', 'odd.out.gradient', 'w.out'])
    expect(named(training, 'odd.backward')).toMatchObject({ flops: 200, unmodelled: 'backward by default rule' })
  })

  it('knows one operation under all its names', () => {
    for (const type of ['Gelu', 'aten.gelu.default', 'torch.ops.aten.gelu.default', 'com.microsoft.Gelu', 'aten.gelu_'])
      expect(
        readsOf(
          trainingGraph(model({ w: ['MatMul', [], [4]], act: [type, ['w'], [4]] }, { w: [4, 4] })),
          'act.backward',
        ),
      ).toEqual(['act.out.gradient', 'w.out'])
  })

  it('scales measured times, and gives sums and updates the rate of the profile', () => {
    const timed = model(
      { w: ['MatMul', ['x'], [25], { seconds: { fast: 0.002, slow: 0.004 } }], x: ['Input', [], [25], { seconds: 0 }] },
      { w: [25, 1] },
    )
    const training = trainingGraph(timed, { optimizer: 'sgd' })
    expect(named(training, 'w.backward').seconds).toEqual({ fast: 0.002, slow: 0.004 })
    // 400 bytes move in 2 ms: weights and x and w.out, and x.out where it is made. The update reads and writes the weights and reads their gradient.
    expect(named(training, 'w.optimizer').seconds).toEqual({ fast: (300 * 0.002) / 400, slow: (300 * 0.004) / 400 })
  })

  it.each([
    ['sgd', 'fp32', 0],
    ['momentum', 'fp32', 4],
    ['adam', 'fp32', 8],
    ['adamw', 'bf16', 12],
    ['sgd', 'fp16', 4],
  ] as const)('%s holds beside %s parameters %i bytes an element', (optimizer, dtype, bytes) => {
    const graph = model({ w: ['MatMul', [], [4]] }, { w: [4, 4] })
    const training = trainingGraph({ ...graph, parameters: [{ ...graph.parameters![0], dtype }] }, { optimizer })
    expect(named(training, 'w.optimizer').parameterBytes).toBe(16 * bytes)
  })

  it('returns a graph that has nothing to train', () => {
    const graph = model({ x: ['Input', [], [4]], y: ['Relu', ['x'], [4]] })
    expect(trainingGraph(graph)).toBe(graph)
  })

  it('makes valid graphs of random ones: all forward ops and edges, no circle, any order of the file, every output of a copy read', () => {
    const recompute = fc.constantFrom('none', 'full', ['*'], ['m.*']) as fc.Arbitrary<'none' | 'full' | string[]>
    const types = fc.array(
      fc.constantFrom('MatMul', 'Add', 'Gelu', 'Softmax', 'Mul', 'Gather', 'Dropout', 'Odd', 'Shape'),
      { minLength: 1 },
    )
    fc.assert(
      fc.property(graphs({ min: 1, max: 24 }), types, recompute, fc.nat(), (random, names, how, turn) => {
        const ops = random.ops.map((op, i) => ({
          ...op,
          type: names[i % names.length],
          parameterBytes: i % 3 === 0 ? 64 : op.parameterBytes,
          module: `m.${Math.floor((i * (1 + (turn % 3))) / 4) % 5}`,
        }))
        const graph = { ...random, ops }
        const training = trainingGraph(graph, { recompute: how })
        const built = buildGraph(training)
        expect(training.ops.slice(0, ops.length).map(({ name }) => name)).toEqual(ops.map(({ name }) => name))
        expect(training.edges.slice(0, graph.edges.length)).toEqual(graph.edges)
        const turned = trainingGraph(
          { ...graph, ops: ops.toReversed(), edges: graph.edges.toReversed() },
          { recompute: how },
        )
        expect(buildGraph(turned)).toEqual(built)
        const read = new Set(training.edges.map(({ output }) => output))
        for (const op of training.ops.filter(({ name }) => name.endsWith('.recompute')))
          for (const output of op.outputs ?? []) expect(read).toContain(output.name)
      }),
      { numRuns: 150 },
    )
  })
})
