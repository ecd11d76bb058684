import { json } from '@dagrejs/graphlib'
import { describe, expect, test } from 'vitest'
import { exportGraph } from '../../src/verbs/exportGraph.js'
import { loadGraph } from '../../src/verbs/loadGraph.js'
import { changed, type Loose, problemsOf } from './problems.js'
import { graphlib, source } from './samples.js'

const load = (value: unknown = graphlib()) => loadGraph(source(value, 'g.json'), new Map())

describe('readGraphlib', () => {
  test('labels of ours are ops, labels made elsewhere give what they have', () => {
    const { graph, format } = load()
    expect({ format, name: graph.name }).toEqual({ format: 'graphlib', name: 'small' })
    expect(graph.ops.map((op) => [op.name, op.type, op.seconds])).toEqual([
      ['a', 'MatMul', 1e-3],
      ['b', 'Node', undefined],
      ['c', 'Node', undefined],
    ])
    expect([...graph.edgeTensor]).toEqual([0, -1])
  })

  test("graphlib's own reader takes what we write", () => {
    const written = exportGraph(load(), 'graphlib') as Parameters<typeof json.read>[0]
    const graph = json.read(JSON.parse(JSON.stringify(written)))
    expect(graph.nodes()).toEqual(['a', 'b', 'c'])
    expect(graph.successors('a')).toEqual(['b'])
    expect(graph.edge('a', 'b', 't')).toMatchObject({ output: 't', bytes: 8 })
    expect(load(written).graph).toEqual(load().graph)
  })

  const change = (edit: (graph: Loose) => void) => changed(graphlib(), edit)
  test.each([
    ['a node without an id', change((g) => delete g.nodes[1].v), 'E105', '#/nodes/1/v'],
    ['a field of another type', change((g) => (g.nodes[0].value.seconds = 'x')), 'E105', '#/nodes/0/value/seconds'],
    ['an edge without an end', change((g) => delete g.edges[1].w), 'E105', '#/edges/1/w'],
    ['an edge to nowhere', change((g) => (g.edges[1].w = 'z')), 'E203', '#/edges/1'],
    ['a negative time', change((g) => (g.nodes[0].value.seconds = -1)), 'E204', '#/ops/0'],
    ['an undirected graph', change((g) => (g.options.directed = false)), 'E105', '#/options/directed'],
    ['nodes of another type', change((g) => (g.nodes = {})), 'E105', '#/nodes'],
  ])('refuses %s', (_, value, code, pointer) => {
    expect(problemsOf(() => load(value))[0]).toMatchObject({ code, where: `g.json${pointer}` })
  })

  test('refuses a repeated id and a circle', () => {
    expect(problemsOf(() => load(change((g) => g.nodes.push({ v: 'a' }))))[0].code).toBe('E202')
    expect(problemsOf(() => load(change((g) => g.edges.push({ v: 'c', w: 'a' }))))[0].code).toBe('E201')
  })
})
