import { describe, expect, test } from 'vitest'
import { costTable } from '../../src/cost/index.js'
import { schedulingProblem } from '../../src/schedule/index.js'
import { loadGraph } from '../../src/verbs/loadGraph.js'
import { changed, type Loose, problemsOf } from './problems.js'
import { dnnPartitioning, source } from './samples.js'

const load = (value: unknown = dnnPartitioning()) => loadGraph(source(value, 'work.json'), new Map())

describe('readDnnPartitioning', () => {
  test('ids are op names, milliseconds become seconds of two device kinds', () => {
    const { graph, format } = load()
    expect(format).toBe('dnn-partitioning')
    expect(graph.ops.map((op) => op.name)).toEqual(['10', '11', '20', '3'])
    expect(graph.ops[0]).toEqual({
      name: '10',
      type: 'Node',
      module: 'a',
      phase: 'forward',
      seconds: { accelerator: 0.004, cpu: 0.04 },
      parameterBytes: 5e8,
      colocationGroup: 'colour 7',
      outputs: [{ name: '10', bytes: 8192, transferSeconds: 0.002 }],
    })
    expect(graph.ops[2]).toMatchObject({ phase: 'backward', colocationGroup: 'colour 7' })
    expect(graph.ops[3]).toMatchObject({ seconds: { cpu: 0.001 }, deviceKinds: ['cpu'] })
  })

  test('accelerators are devices 0 and up, CPUs follow', () => {
    const { cluster } = load()
    expect(cluster?.devices.map(({ kind, memoryBytes }) => [kind, memoryBytes])).toEqual([
      ['accelerator', 1e9],
      ['accelerator', 1e9],
      ['cpu', Number.POSITIVE_INFINITY],
    ])
    expect(cluster).toMatchObject({ name: 'work devices', transfers: 'half-duplex' })
  })

  test('transfers take what the file says on every link', () => {
    const { graph, cluster } = load()
    const limits = new Float64Array(3).fill(Number.POSITIVE_INFINITY)
    const problem = schedulingProblem(graph, cluster!, costTable(graph, cluster!), limits)
    for (const ticks of problem.transferTicks)
      expect([...ticks].map((each) => each / problem.ticksPerSecond)).toEqual([0.002, 0.001, 0.0005])
  })

  test('edges of unlike sizes are told, the largest is taken', () => {
    const graph = dnnPartitioning()
    graph.edges[1].size = 9999
    const { warnings, graph: read } = load(graph)
    expect(warnings).toEqual([expect.stringContaining('1 nodes have edges of unlike sizes')])
    expect(read.ops[3].outputs).toEqual([{ name: '3', bytes: 9999, transferSeconds: 0.0005 }])
  })
})

describe('what is refused', () => {
  const change = (edit: (graph: Loose) => void) => changed(dnnPartitioning(), edit)
  test.each([
    ['a repeated id', change((g) => (g.nodes[1].id = 3)), 'E202', '/nodes/1/id'],
    ['an id that is text', change((g) => (g.nodes[1].id = 'x')), 'E105', '/nodes/1/id'],
    ['an edge to nowhere', change((g) => (g.edges[2].destId = 99)), 'E203', '/edges/2/destId'],
    ['two costs of one node', change((g) => (g.edges[1].cost = 0.75)), 'E205', '/edges/1/cost'],
    ['a negative time', change((g) => (g.nodes[0].cpuLatency = -1)), 'E204', '/nodes/0/cpuLatency'],
    ['a time that is text', change((g) => (g.nodes[1].fpgaLatency = '4')), 'E105', '/nodes/1/fpgaLatency'],
    ['a flag that is neither', change((g) => (g.nodes[1].supportedOnFpga = 2)), 'E105', '/nodes/1/supportedOnFpga'],
    ['half a device', change((g) => (g.maxFPGAs = 1.5)), 'E105', '/maxFPGAs'],
    ['no edges', change((g) => (g.edges = null)), 'E105', '/edges'],
  ])('%s', (_, value, code, pointer) => {
    expect(problemsOf(() => load(value))[0]).toMatchObject({ code, where: `work.json#${pointer}` })
  })

  test('a circle, and more devices than there are', () => {
    expect(
      problemsOf(() => load(change((g) => g.edges.push({ ...g.edges[2], sourceId: 20, destId: 10 }))))[0].code,
    ).toBe('E201')
    expect(problemsOf(() => load(change((g) => (g.maxFPGAs = 1e9))))[0].code).toBe('E204')
  })

  test('all problems at once', () => {
    const value = change((g) => {
      g.nodes[0].cpuLatency = -1
      g.nodes[3].size = 'much'
      g.edges[0].cost = null
    })
    expect(problemsOf(() => load(value))).toHaveLength(3)
  })
})
