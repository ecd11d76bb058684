import type { ProfileReport } from '../cost/index.js'
import { type Coarsening, type GraphStatistics, graphStatistics } from '../graph/index.js'
import type { LoadedGraph } from './loadGraph.js'

/** The answer of `stowage inspect MODEL` (FORMATS, stowage.inspect). */
export interface ModelInspection {
  readonly kind: 'stowage.inspect'
  readonly schemaVersion: '1.0'
  readonly format: string
  readonly graph: Omit<GraphStatistics, 'opsByType' | 'unmodelled'> & {
    readonly name: string
    /** Elements of weights. */
    readonly parameters: number
    readonly opsByType: Readonly<Record<string, number>>
    readonly unmodelled: readonly string[]
    readonly unmodelledOps: GraphStatistics['unmodelled']
  }
  /** Of a contracted graph: ops before, and the largest blocks. */
  readonly coarsening?: {
    readonly fineOps: number
    readonly largestBlocks: readonly { readonly name: string; readonly ops: number }[]
  }
  /** How the profile of --profile met the graph. */
  readonly profile?: ProfileReport
  readonly warnings: readonly string[]
}

/** What was understood of a model file. */
export function inspectModel(model: LoadedGraph): ModelInspection {
  const statistics = graphStatistics(model.graph)
  return {
    kind: 'stowage.inspect',
    schemaVersion: '1.0',
    format: model.format,
    graph: {
      ...statistics,
      name: model.graph.name,
      parameters: model.parameterElements,
      opsByType: Object.fromEntries([...statistics.opsByType].sort((a, b) => b[1] - a[1] || (a[0] < b[0] ? -1 : 1))),
      unmodelled: statistics.unmodelled.map((each) => each.type),
      unmodelledOps: statistics.unmodelled,
    },
    ...(model.coarsening && { coarsening: blocksOf(model.coarsening) }),
    ...(model.profile && { profile: model.profile }),
    warnings: model.warnings,
  }
}

const mostBlocks = 20

function blocksOf({ coarseOf, members }: Coarsening): ModelInspection['coarsening'] {
  const blocks = [...members].map(([name, ops]) => ({ name, ops: ops.length }))
  const largest = blocks.sort((a, b) => b.ops - a.ops || (a.name < b.name ? -1 : 1))
  return { fineOps: coarseOf.size, largestBlocks: largest.slice(0, mostBlocks) }
}
