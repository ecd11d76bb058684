import { describe, expect, test } from 'vitest'
import { loadGraph } from '../../src/verbs/loadGraph.js'
import { problemsOf } from './problems.js'
import { pipedream, source } from './samples.js'

const load = (text = pipedream()) => loadGraph(source(text, 'graph.txt'), new Map())

describe('readPipedream', () => {
  test('a node is one op of forward and backward time together', () => {
    const { graph, format } = load()
    expect(format).toBe('pipedream')
    expect(graph.ops[1]).toEqual({
      name: 'node2',
      type: 'LSTM',
      module: 'LSTM(8, eps=1e-05, mode=(a, b))',
      seconds: 0.009,
      parameterBytes: 2048,
      outputs: [
        { name: 'node2', bytes: 64 },
        { name: 'node2:1', bytes: 16 },
      ],
    })
    expect(graph.ops.map((op) => op.type)).toEqual(['Input0', 'LSTM', '__getitem__', 'Linear', 'Dropout'])
  })

  test('an item of a list is what its reader takes', () => {
    const { graph } = load()
    const travels = [...graph.edgeTensor].map(
      (tensor, e) => `${graph.tensorNames[tensor]} > ${graph.ops[graph.edgeTo[e]].name}`,
    )
    expect(travels).toEqual(['node1 > node2', 'node2:1 > node3', 'node2 > node4', 'node3 > node5'])
  })

  test('line ends of other systems, blank lines and a missing last one make no difference', () => {
    const text = pipedream()
    expect(load(text.replaceAll('\n', '\r\n')).graph).toEqual(load().graph)
    expect(load(`\n${text}\n\n`).graph).toEqual(load().graph)
    expect(load(text.trimEnd()).graph).toEqual(load().graph)
  })

  test.each([
    ['a node that is named twice', pipedream().replace('node3 --', 'node2 --'), 'E202', 'graph.txt:3'],
    ['an edge to nowhere', pipedream().replace('-- node5\n', '-- node9\n'), 'E203', 'graph.txt:9'],
    ['a time that is none', pipedream().replace('time=3.5', 'time=fast'), 'E105', 'graph.txt:2'],
    ['a negative time', pipedream().replace('time=3.5', 'time=-3.5'), 'E204', 'graph.txt:2'],
    ['an infinite size', pipedream().replace('size=2048.000', 'size=Infinity'), 'E204', 'graph.txt:2'],
    ['a list that breaks off', pipedream().replace('; 16.0]', ''), 'E105', 'graph.txt:2'],
    ['a line that is neither', pipedream().replace('\tnode2 -- node3', 'node2 -> node3'), 'E105', 'graph.txt:7'],
  ])('refuses %s', (_, text, code, where) => {
    expect(problemsOf(() => load(text))[0]).toMatchObject({ code, where })
  })

  test('refuses a circle and a file of edges alone', () => {
    expect(problemsOf(() => load(`${pipedream()}\tnode5 -- node2\n`))[0].code).toBe('E201')
    const edges = () => loadGraph(source('\n', 'graph.txt'), new Map(), { formatIn: 'pipedream' })
    expect(problemsOf(edges)[0].code).toBe('E206')
  })
})
