import { describe, expect, test } from 'vitest'
import { layersText } from '../../src/report/layersText.js'
import { plainStyle } from '../../src/report/style.js'
import { inspectLayers } from '../../src/verbs/inspectLayers.js'
import { loadGraph } from '../../src/verbs/loadGraph.js'
import { changed, type Loose, problemsOf } from './problems.js'
import { piper, source } from './samples.js'

const inspect = (value: unknown = piper()) => inspectLayers(source(value, 'bert.json'))

describe('readPiper', () => {
  test('keeps every way to run a layer', () => {
    const inspection = inspect()
    expect(inspection).toMatchObject({
      name: 'bert',
      deviceCount: 4,
      deviceMemoryBytes: 1e9,
      bytesPerSecond: 2.5e10,
      microbatchesPerBatch: 16,
      edges: 1,
    })
    expect(inspection.layers[0].choices.map((each) => [each.name, each.tensorParallelDegree])).toEqual([
      ['vanilla', 1],
      ['recompute', 1],
      ['vanilla', 2],
    ])
    expect(inspection.layers[1].choices[1]).toEqual({
      name: 'recompute',
      tensorParallelDegree: 1,
      secondsPerMicrobatch: 0.5,
      parameterBytes: 1e6,
      bytesPerMicrobatch: 2e6,
      fixedBytes: 3e6,
      forwardSyncBytes: { '0': 512 },
      backwardSyncBytes: {},
    })
  })

  test('adds up the ways that all layers offer', () => {
    expect(
      inspect().totals.map((total) => [total.choice, total.tensorParallelDegree, total.secondsPerMicrobatch]),
    ).toEqual([
      ['vanilla', 1, 0.5],
      ['recompute', 1, 0.7],
    ])
    const text = layersText(inspect(), plainStyle)
    expect(text).toContain('2 with 5 ways to run them')
    expect(text).toMatch(/recompute +1 +700\.0 ms +1\.907 MiB +3\.815 MiB a microbatch \+ 5\.722 MiB/)
  })

  test('is no operator graph', () => {
    expect(problemsOf(() => loadGraph(source(piper()), new Map()))[0]).toMatchObject({ code: 'E102', found: 'piper' })
  })

  const change = (edit: (graph: Loose) => void) => changed(piper(), edit)
  test.each([
    ['a repeated id', change((g) => (g.nodes[1].id = 0)), 'E202', '/nodes/1/id'],
    ['an edge to nowhere', change((g) => (g.edges[0].destId = 9)), 'E203', '/edges/0/destId'],
    [
      'a negative time',
      change((g) => (g.nodes[1].TMPCs['1'][0].timePerSample = -1)),
      'E204',
      '/nodes/1/TMPCs/1/0/timePerSample',
    ],
    [
      'a degree that is none',
      change((g) => (g.nodes[1].TMPCs = { zero: g.nodes[1].TMPCs['1'] })),
      'E105',
      '/nodes/1/TMPCs',
    ],
    ['a layer that cannot run', change((g) => (g.nodes[1].TMPCs = {})), 'E105', '/nodes/1/TMPCs'],
    [
      'sync bytes that are text',
      change((g) => (g.nodes[1].TMPCs['1'][1].syncTimeFw = { '0': 'x' })),
      'E105',
      '/nodes/1/TMPCs/1/1/syncTimeFw/0',
    ],
    ['no devices', change((g) => (g.maxDevices = 0)), 'E105', '/maxDevices'],
  ])('refuses %s', (_, value, code, pointer) => {
    expect(problemsOf(() => inspect(value))[0]).toMatchObject({ code, where: `bert.json#${pointer}` })
  })

  test('refuses a circle', () => {
    expect(
      problemsOf(() => inspect(change((g) => g.edges.push({ sourceId: 5, destId: 0, communicationCost: 1 }))))[0].code,
    ).toBe('E201')
  })
})
