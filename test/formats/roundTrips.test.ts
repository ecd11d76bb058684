import { readFileSync } from 'node:fs'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { type GraphWriterName, graphWriters } from '../../src/formats/graphWriters.js'
import { bytesSource, type Source } from '../../src/formats/source.js'
import { graphHash } from '../../src/plan/index.js'
import { exportGraph } from '../../src/verbs/exportGraph.js'
import { inspectModel } from '../../src/verbs/inspectModel.js'
import { loadGraph } from '../../src/verbs/loadGraph.js'
import { graphs } from '../helpers/instances.js'
import { dnnPartitioning, graphlib, jointExport, pipedream, source, torchExport } from './samples.js'

const fixture = (name: string) => bytesSource(name, readFileSync(new URL(`../../fixtures/${name}`, import.meta.url)))
const writers = Object.keys(graphWriters) as GraphWriterName[]

/** The same graph, to the figure and to the hash. */
function expectSame(read: Source, bind = new Map<string, number>()): void {
  const model = loadGraph(read, bind)
  const { graph } = inspectModel(model)
  for (const writer of writers) {
    const again = loadGraph(source(exportGraph(model, writer), 'other.json'), new Map())
    expect(again.format).toBe(writer)
    expect(again.warnings).toEqual([])
    expect(inspectModel(again).graph).toEqual(graph)
    expect(graphHash(again.graph)).toBe(graphHash(model.graph))
  }
}

describe('any reader -> stowage.graph and graphlib -> the same figures', () => {
  test.each([
    ['torch-export', torchExport()],
    ['a joint torch-export', jointExport()],
    ['dnn-partitioning', dnnPartitioning()],
    ['pipedream', pipedream()],
    ['graphlib', graphlib()],
  ])('%s', (_, sample) => {
    expectSame(source(sample, 'sample'), new Map([['s0', 2]]))
  })

  test.each(['moe-tiny.onnx', 'resnet14-int8.onnx', 'diamond.json'])('%s', (name) => {
    expectSame(fixture(name))
  })

  test('random graphs, hostile names among them', () => {
    fc.assert(
      fc.property(graphs({ min: 1, max: 12 }), (graph) => {
        // graphlib keeps nodes in plain objects and refuses this one name.
        fc.pre(graph.ops.every((op) => op.name !== '__proto__'))
        expectSame(source({ kind: 'stowage.graph', schemaVersion: '1.0', ...graph }))
      }),
      { numRuns: 60 },
    )
  })
})
