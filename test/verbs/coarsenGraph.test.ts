import { readFileSync } from 'node:fs'
import { describe, expect, test } from 'vitest'
import { bytesSource } from '../../src/formats/source.js'
import { coarsenings } from '../../src/graph/index.js'
import { exportGraph } from '../../src/verbs/exportGraph.js'
import { inspectModel } from '../../src/verbs/inspectModel.js'
import { loadGraph } from '../../src/verbs/loadGraph.js'

const fixture = (name: string) => bytesSource(name, readFileSync(new URL(`../../fixtures/${name}`, import.meta.url)))
const bind = new Map<string, number>()

describe('a contracted graph', () => {
  const fine = loadGraph(fixture('moe-tiny.onnx'), bind)

  test.each(coarsenings)('by %s keeps the work and knows its ops', (coarsenBy) => {
    const coarse = loadGraph(fixture('moe-tiny.onnx'), bind, { coarsenBy })
    const [before, after] = [inspectModel(fine), inspectModel(coarse)]
    expect(after.graph.ops).toBeLessThanOrEqual(before.graph.ops)
    expect(after.graph.flops).toBeCloseTo(before.graph.flops, 0)
    expect(after.graph).toMatchObject({
      parameters: before.graph.parameters,
      parameterBytes: before.graph.parameterBytes,
      matrixFlops: before.graph.matrixFlops,
    })
    expect(after.coarsening?.fineOps).toBe(before.graph.ops)

    const written = exportGraph(coarse, 'stowage.graph') as { members: Record<string, string[]> }
    expect(Object.keys(written.members).sort()).toEqual(coarse.graph.ops.map(({ name }) => name).sort())
    expect(Object.values(written.members).flat().sort()).toEqual(fine.graph.ops.map(({ name }) => name).sort())
    const again = bytesSource('blocks.json', new TextEncoder().encode(JSON.stringify(written)))
    expect(inspectModel(loadGraph(again, bind)).graph).toEqual(after.graph)
    expect(loadGraph(again, bind).warnings).toEqual([])
  })

  test('by module has a block a layer', () => {
    const { coarsening, graph } = inspectModel(loadGraph(fixture('gpt2-small.onnx'), bind, { coarsenBy: 'module' }))
    expect(graph.ops).toBe(16)
    expect(coarsening?.largestBlocks.slice(0, 12).map(({ ops }) => ops)).toEqual(Array(12).fill(23))
  })
})
