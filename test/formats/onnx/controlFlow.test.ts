import { describe, expect, it } from 'vitest'
import { functionBody, graph, ints, model, node, real, reference, tensor, value, weight } from './build.js'
import { failure, op, output, read, readGraph } from './read.js'

const branch = (weightName: string, columns: number, out: string): ReturnType<typeof graph> =>
  graph({ nodes: [node('MatMul', ['x', weightName], [out])], outputs: [value(out, [4, columns])], initializers: [] })

const ifParts = (condition: { nodes?: number[][]; inputs?: number[][]; initializers?: number[][] }) => ({
  nodes: [
    ...(condition.nodes ?? []),
    node('If', ['c'], ['y'], { then_branch: branch('a', 8, 't'), else_branch: branch('b', 16, 'e') }, { name: 'if' }),
  ],
  inputs: [value('x', [4, 32]), ...(condition.inputs ?? [])],
  outputs: [value('y', undefined)],
  initializers: [weight('a', [32, 8]), weight('b', [32, 16]), ...(condition.initializers ?? [])],
})

describe('If', () => {
  it('costs its dearest branch, holds the weights of both and reads what they capture', () => {
    const result = readGraph(ifParts({ inputs: [value('c', [], 9)] }))
    expect(op(result, 'if')).toMatchObject({ matrixFlops: 2 * 4 * 32 * 16, parameterBytes: 4 * 32 * 24 })
    expect(output(result, 'y').shape).toEqual([4, 16])
    expect(result.description.edges.map((e) => [e.from, e.to])).toEqual(
      expect.arrayContaining([
        ['x', 'if'],
        ['c', 'if'],
      ]),
    )
    expect(result.facts.parameters).toBe(32 * 24)
  })

  it('with a known condition is the branch it takes', () => {
    const known = readGraph(ifParts({ nodes: [node('Not', ['no'], ['c'])], initializers: [ints('no', [0], [])] }))
    expect(known.description.ops.map((o) => o.name)).toContain('if/t')
    expect(op(known, 'if/t')).toMatchObject({ type: 'MatMul', matrixFlops: 2 * 4 * 32 * 8 })
    expect(output(known, 'y').shape).toEqual([4, 8])
    expect(known.facts.parameters).toBe(32 * 8)
  })
})

describe('Loop and Scan', () => {
  const body = graph({
    nodes: [
      node('MatMul', ['h', 'w'], ['h2']),
      node('Identity', ['c'], ['c2']),
      node('ReduceSum', ['h2'], ['r'], { keepdims: 0 }),
    ],
    inputs: [value('i', [], 7), value('c', [], 9), value('h', [4, 8])],
    outputs: [value('c2', [], 9), value('h2', [4, 8]), value('r', [])],
  })
  const loop = (trips: number[][]) => ({
    nodes: [node('Loop', ['m', '', 'x'], ['y', 'sums'], { body }, { name: 'loop' })],
    inputs: [value('x', [4, 8]), ...(trips.length === 0 ? [value('m', [], 7)] : [])],
    outputs: [value('y', undefined), value('sums', undefined)],
    initializers: [weight('w', [8, 8]), ...trips],
  })

  it('cost the body times the trips', () => {
    const result = readGraph(loop([ints('m', [10], [])]))
    expect(op(result, 'loop')).toMatchObject({ matrixFlops: 10 * 2 * 4 * 8 * 8, parameterBytes: 256 })
    expect(output(result, 'sums').shape).toEqual([10])
    expect(result.unmodelled).toEqual([])
  })

  it('count one trip where the number is not known, and say so', () => {
    const result = readGraph(loop([]))
    expect(op(result, 'loop').matrixFlops).toBe(2 * 4 * 8 * 8)
    expect(result.warnings.join()).toMatch(/loop.*trips/)
    expect(result.unmodelled).toMatchObject([{ type: 'Loop', count: 1 }])
  })

  it('scan along the first axis', () => {
    const step = graph({
      nodes: [node('Add', ['s', 'e'], ['s2']), node('MatMul', ['e', 'w'], ['o'])],
      inputs: [value('s', [8]), value('e', [8])],
      outputs: [value('s2', [8]), value('o', [3])],
    })
    const result = readGraph({
      nodes: [node('Scan', ['s0', 'xs'], ['last', 'all'], { body: step, num_scan_inputs: 1 }, { name: 'scan' })],
      inputs: [value('s0', [8]), value('xs', [5, 8])],
      outputs: [value('last', undefined), value('all', undefined)],
      initializers: [weight('w', [8, 3])],
    })
    expect(op(result, 'scan').matrixFlops).toBe(5 * 2 * 8 * 3)
    expect(output(result, 'all').shape).toEqual([5, 3])
  })

  it.each([
    ['without lengths', ''],
    ['with lengths', 'lengths'],
  ])('scan each of a batch, as operator set 8 has it, %s', (_what, lengths) => {
    const step = graph({
      nodes: [node('Add', ['s', 'e'], ['s2']), node('MatMul', ['e', 'w'], ['o'])],
      inputs: [value('s', [8]), value('e', [8])],
      outputs: [value('s2', [8]), value('o', [3])],
    })
    const inputs = [lengths, 's0', 'xs']
    const parts = {
      nodes: [node('Scan', inputs, ['last', 'all'], { body: step, num_scan_inputs: 1 }, { name: 'scan' })],
      inputs: [value('s0', [4, 8]), value('xs', [4, 5, 8]), value('lengths', [4], 7)],
      outputs: [value('last', undefined), value('all', undefined)],
      initializers: [weight('w', [8, 3])],
    }
    const result = readGraph(parts, 8)
    expect(op(result, 'scan').matrixFlops).toBe(4 * 5 * 2 * 8 * 3)
    expect(output(result, 'last').shape).toEqual([4, 8])
    expect(output(result, 'all').shape).toEqual([4, 5, 3])
    expect(result.unmodelled).toEqual([])
  })
})

describe('model-local functions', () => {
  const mlp = functionBody({
    domain: 'local',
    name: 'Mlp',
    inputs: ['x', 'w'],
    outputs: ['out'],
    nodes: [
      node('MatMul', ['x', 'w'], ['h'], {}, { name: 'mm' }),
      node('LeakyRelu', ['h'], ['out'], { alpha: reference('slope') }, { name: 'act' }),
    ],
  })
  const parts = {
    nodes: [
      node('Mlp', ['x', 'w'], ['a'], { slope: real(0.5) }, { domain: 'local', name: 'first' }),
      node('Mlp', ['a', 'w'], ['y'], {}, { domain: 'local', name: 'second' }),
    ],
    inputs: [value('x', [4, 8])],
    outputs: [value('y', [4, 8])],
    initializers: [weight('w', [8, 8])],
  }

  it('are expanded once per call', () => {
    const result = read(model(parts, 18, [mlp]))
    expect(result.description.ops.map((o) => o.name)).toEqual(['x', 'first/mm', 'first/act', 'second/mm', 'second/act'])
    expect(result.facts).toMatchObject({ matrixFlops: 2 * 2 * 4 * 8 * 8, parameters: 64 })
    expect(output(result, 'a').shape).toEqual([4, 8])
    expect(result.description.edges).toContainEqual({ from: 'first/act', to: 'second/mm', output: 'a', bytes: 128 })
  })

  it('must not call themselves', () => {
    const self = functionBody({
      domain: 'local',
      name: 'Mlp',
      inputs: ['x', 'w'],
      outputs: ['o'],
      nodes: [node('Mlp', ['x', 'w'], ['o'], {}, { domain: 'local' })],
    })
    expect(failure(() => read(model(parts, 18, [self]))).code).toBe('E201')
  })

  it('expand within bounds', () => {
    const doubling = Array.from({ length: 40 }, (_, i) =>
      functionBody({
        domain: 'f',
        name: `F${i}`,
        inputs: ['x'],
        outputs: ['y'],
        nodes:
          i === 39
            ? [node('Relu', ['x'], ['y'])]
            : [
                node(`F${i + 1}`, ['x'], ['m'], {}, { domain: 'f' }),
                node(`F${i + 1}`, ['m'], ['y'], {}, { domain: 'f' }),
              ],
      }),
    )
    const bomb = {
      nodes: [node('F0', ['x'], ['y'], {}, { domain: 'f' })],
      inputs: [value('x', [1])],
      outputs: [value('y', [1])],
    }
    expect(failure(() => read(model(bomb, 18, doubling))).code).toBe('E107')
  })

  it('hold their constants', () => {
    const scaled = functionBody({
      domain: 'local',
      name: 'Mlp',
      inputs: ['x', 'w'],
      outputs: ['o'],
      nodes: [node('Constant', [], ['s'], { value: tensor(ints('', [2, 16])) }), node('Reshape', ['x', 's'], ['o'])],
    })
    const { nodes, ...rest } = parts
    expect(
      output(read(model({ ...rest, nodes: [nodes[0]!], outputs: [value('a', undefined)] }, 18, [scaled])), 'a').shape,
    ).toEqual([2, 16])
  })
})
