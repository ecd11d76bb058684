import { describe, expect, test } from 'vitest'
import { arithmeticOf } from '../../src/formats/torchExport/operators.js'
import { sizes } from '../../src/formats/torchExport/symbols.js'
import { loadGraph } from '../../src/verbs/loadGraph.js'
import { problemsOf } from './problems.js'
import { jointExport, source, torchExport } from './samples.js'

const bind = new Map([['s0', 3]])
const load = (value: unknown = torchExport(), sizesOf = bind) => loadGraph(source(value, 'x/tied.json'), sizesOf)
const opOf = (name: string, model = load()) => model.graph.ops[model.graph.opNumber.get(name)!]
const edgesOf = (model = load()) =>
  [...model.graph.edgeFrom].map((from, e) => {
    const to = model.graph.ops[model.graph.edgeTo[e]].name
    return `${model.graph.ops[from].name} -${model.graph.tensorNames[model.graph.edgeTensor[e]]}-> ${to}`
  })

describe('readTorchExport', () => {
  test('keeps what works and folds views, sizes and idle dropout', () => {
    const { graph, format, fileName } = load()
    expect({ format, fileName, name: graph.name }).toEqual({
      format: 'torch-export',
      fileName: 'tied.json',
      name: 'tied',
    })
    expect(graph.ops.map((op) => `${op.name} ${op.type} ${op.module}`)).toEqual([
      'addmm aten.addmm m.block.qkv',
      'attention aten.scaled_dot_product_attention m.block',
      'embedding aten.embedding m.table',
      'head aten.linear m.head',
      'late aten.mul m.block',
      'relu_ aten.relu_ m.block.act',
    ])
  })

  test('who reads a tensor after it was changed in place reads the new one', () => {
    expect(edgesOf()).toEqual([
      'addmm -addmm-> attention',
      'attention -attention-> relu_',
      'embedding -embedding-> addmm',
      'late -late-> head',
      'relu_ -relu_-> late',
    ])
  })

  test('counts arithmetic and bytes by the shapes that the symbols give', () => {
    expect(opOf('addmm')).toMatchObject({
      matrixFlops: 2 * 12 * 8 * 24,
      flops: 2 * 12 * 8 * 24 + 12 * 24,
      dtype: 'fp32',
    })
    expect(opOf('attention').matrixFlops).toBe(2 * 3 * 2 * 4 * 4 * (4 + 4))
    expect(opOf('head').matrixFlops).toBe(2 * 12 * 8 * 100)
    expect(opOf('addmm').bytesAccessed).toBe(4 * (12 * 8 + 8 * 24 + 24 + 12 * 24))
    // A lookup reads the rows that it gives, not the table.
    expect(opOf('embedding').bytesAccessed).toBe(2 * 4 * 12 * 8)
    expect(opOf('embedding').outputs).toEqual([{ name: 'embedding', bytes: 384, shape: [3, 4, 8], dtype: 'fp32' }])
  })

  test('a parameter has one owner, ties its readers, and is not counted under its other name', () => {
    const model = load()
    expect(model.parameterElements).toBe(100 * 8 + 8 * 24 + 24)
    expect(model.graph.parameters).toContainEqual({
      name: 'table.weight',
      shape: [100, 8],
      dtype: 'fp32',
      op: 'embedding',
      readers: ['embedding', 'head'],
      module: 'table',
    })
    expect(opOf('embedding')).toMatchObject({ parameterBytes: 3200, colocationGroup: 'table.weight' })
    expect(opOf('head').colocationGroup).toBe('table.weight')
    expect(opOf('head').parameterBytes).toBeUndefined()
    // Buffers weigh, but are no parameters.
    expect(opOf('attention').parameterBytes).toBe(16)
    expect(model.warnings).toEqual([expect.stringContaining('1 parameters are read by no op')])
  })

  test('tells backward from forward by what the graph returns', () => {
    const { graph } = load(jointExport(), new Map())
    expect(graph.ops.map((op) => [op.name, op.phase])).toEqual([
      ['back', 'backward'],
      ['conv', 'forward'],
      ['loss', 'forward'],
      ['ones', 'backward'],
    ])
    const forward = 2 * 2 * 16 * 8 * 8 * 3 * 3 * 3
    expect(opOf('conv', load(jointExport(), new Map())).matrixFlops).toBe(forward)
    // Only the weight's gradient is asked for.
    expect(opOf('back', load(jointExport(), new Map())).matrixFlops).toBe(forward)
  })

  test('a mark in the file wins over that', () => {
    const graph = jointExport()
    const marked = {
      ...graph,
      nodes: graph.nodes.map((n) => ({ ...n, partitioner_tag: n.name === 'loss' ? 'is_backward' : 'is_forward' })),
    }
    expect(opOf('loss', load(marked, new Map())).phase).toBe('backward')
    expect(opOf('back', load(marked, new Map())).phase).toBe('forward')
  })

  test('says which operators it has no formula for', () => {
    const graph = torchExport()
    graph.nodes[graph.nodes.findIndex((node) => node.name === 'late')].target = 'my.strange_op.default'
    expect(opOf('late', load(graph)).unmodelled).toContain('strange_op')
  })

  test('names the symbols that are not bound, and those that it lacks', () => {
    expect(problemsOf(() => load(torchExport(), new Map()))[0]).toMatchObject({
      code: 'E207',
      fix: 'give --bind s0=SIZE',
    })
    expect(load(torchExport(), new Map([...bind, ['s9', 1]])).warnings).toContain(
      '--bind s9: the graph has no such dimension',
    )
  })
})

describe('what is refused', () => {
  const withNode = (name: string, change: object) => {
    const graph = torchExport()
    return { ...graph, nodes: graph.nodes.map((node) => (node.name === name ? { ...node, ...change } : node)) }
  }
  test.each([
    ['a repeated name', withNode('late', { name: 'relu_' }), 'E202', 'x/tied.json#/nodes/19/name'],
    ['a missing node', withNode('late', { args: [{ ref: 'gone' }] }), 'E203', 'x/tied.json#/nodes/19/args'],
    ['a name that is a number', withNode('late', { name: 5 }), 'E105', 'x/tied.json#/nodes/19/name'],
    [
      'a shape that is none',
      withNode('late', { meta: { shape: ['x('], dtype: 'float32' } }),
      'E105',
      'x/tied.json#/nodes/19/meta/shape',
    ],
    [
      'a negative size',
      withNode('late', { meta: { shape: [-4], dtype: 'float32' } }),
      'E105',
      'x/tied.json#/nodes/19/meta/shape',
    ],
    [
      'an absurd size',
      withNode('late', { meta: { shape: [1e15, 1e15], dtype: 'float32' } }),
      'E105',
      'x/tied.json#/nodes/19/meta/shape',
    ],
    ['no nodes', { ...torchExport(), nodes: [] }, 'E206', 'x/tied.json#/nodes'],
    ['nodes of another type', { ...torchExport(), nodes: {} }, 'E105', 'x/tied.json#/nodes'],
  ])('%s', (_, value, code, where) => {
    expect(problemsOf(() => load(value))[0]).toMatchObject({ code, where })
  })

  test('a circle', () => {
    expect(
      problemsOf(() => load(withNode('addmm', { args: [{ ref: 'head' }, { ref: 'view' }, { ref: 'p_w' }] })))[0].code,
    ).toBe('E201')
  })
})

describe('sizes', () => {
  const of = sizes(
    new Map([
      ['s0', 7],
      ['s1', 3],
    ]),
  ).of
  test.each([
    [768, 768],
    ['s0', 7],
    ['768*s1', 2304],
    ['s0**2', 49],
    ['s0 + 2*s1 - 1', 12],
    ['(s0 + 1)//s1', 2],
    ['-(-s0)', 7],
    ['s0 % s1', 1],
    ['Min(768, 768*s0)', 768],
    ['Max(1, s0//2)', 3],
    ['FloorDiv(s0, s1)', 2],
    ['Mod(-s0, s1)', 2],
    ['CeilToInt(s0/s1)', 3],
    ['__proto__(1)', -1],
    ['s0 +', -1],
    ['(s0', -1],
    ['s0 s1', -1],
    ['', -1],
    [null, -1],
    ['9'.repeat(600), -1],
  ])('%j is %j', (dimension, size) => {
    expect(of(dimension)).toBe(size)
  })
})

describe('arithmeticOf', () => {
  const tensors: Record<string, number[]> = {
    a: [4, 6],
    b: [6, 5],
    q: [2, 3, 7, 4],
    k: [2, 3, 9, 4],
    g: [10, 6],
    e: [3, 6, 5],
    x: [5, 2, 8],
    w: [16, 8],
  }
  const meta = (shape: number[]) => ({
    shape,
    type: { name: 'fp32', bits: 32, arithmetic: 'fp32' },
    bytes: 0,
    isContiguous: true,
  })
  const cost = (operator: string, args: unknown[], ...made: number[]) =>
    arithmeticOf(
      {
        name: 'n',
        operator,
        isPlaceholder: false,
        args,
        kwargs: {},
        refs: [],
        outputs: [meta(made)],
        makesList: false,
      },
      (argument) => (typeof argument === 'string' && argument in tensors ? meta(tensors[argument]) : undefined),
    )
  test.each([
    ['mm', ['a', 'b'], [4, 5], 240],
    ['bmm', ['q', 'k'], [2, 3, 7, 9], 2 * 378 * 4],
    ['einsum', ['ij,jk->ik', ['a', 'b']], [4, 5], 240],
    ['_grouped_mm', ['g', 'e'], [10, 5], 2 * 10 * 6 * 5],
    ['_scaled_dot_product_flash_attention_for_cpu', ['q', 'k', 'k'], [2, 3, 7, 4], 2 * 6 * 7 * 9 * 8],
    ['_scaled_dot_product_flash_attention_backward', ['q', 'q', 'k', 'k'], [2, 3, 7, 4], 2 * 6 * 7 * 9 * 20],
    ['conv_transpose2d', ['q', 'k'], [2, 3, 7, 4], 2 * 168 * 108],
    ['lstm', ['x', ['x'], ['w', 'w', 'x']], [5, 2, 8], 2 * 10 * 256],
  ])('%s', (operator, args, made, matrixFlops) => {
    expect(cost(operator, args, ...made).matrixFlops).toBe(matrixFlops)
  })

  test('in place costs what it costs elsewhere', () => {
    expect(cost('relu_', ['a'], 4, 6)).toEqual(cost('relu', ['a'], 4, 6))
    expect(cost('__and__', ['a', 'a'], 4, 6)).toEqual({ flops: 24, matrixFlops: 0 })
  })
})
