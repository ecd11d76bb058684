import { type GraphWriterName, graphWriters } from '../formats/graphWriters.js'
import { describeGraph } from '../graph/index.js'
import type { LoadedGraph } from './loadGraph.js'

/**
 * `stowage inspect MODEL --export FORMAT`: the graph as it was understood, whatever it was read from. Of a contracted graph, `members` beside
 * it leads from each op back to the ops that it stands for, in order.
 */
export function exportGraph({ graph, coarsening }: LoadedGraph, format: GraphWriterName): object {
  const written = graphWriters[format](describeGraph(graph))
  return coarsening ? { ...written, members: Object.fromEntries(coarsening.members) } : written
}
