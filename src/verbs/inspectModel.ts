import type { ProfileReport } from '../cost/index.js'
import { type GraphStatistics, graphStatistics } from '../graph/index.js'
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
    ...(model.profile && { profile: model.profile }),
    warnings: model.warnings,
  }
}
