import { type GraphWriterName, graphWriters } from '../formats/graphWriters.js'
import { describeGraph } from '../graph/index.js'
import type { LoadedGraph } from './loadGraph.js'

/** `stowage inspect MODEL --export FORMAT`: the graph as it was understood, whatever it was read from. */
export function exportGraph({ graph }: LoadedGraph, format: GraphWriterName): object {
  return graphWriters[format](describeGraph(graph))
}
