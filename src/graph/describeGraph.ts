import type { EdgeDescription, GraphDescription } from './description.js'
import type { OpGraph } from './opGraph.js'

/** The way back from `buildGraph`: ops, edges and parameters sorted by name, free ops folded already. */
export function describeGraph(graph: OpGraph): GraphDescription {
  const edges: EdgeDescription[] = []
  graph.edgeFrom.forEach((from, e) => {
    const tensor = graph.edgeTensor[e]
    edges.push({
      from: graph.ops[from].name,
      to: graph.ops[graph.edgeTo[e]].name,
      ...(tensor >= 0 && { output: graph.tensorNames[tensor], bytes: graph.tensorBytes[tensor] }),
    })
  })
  return { name: graph.name, ops: graph.ops, edges, parameters: graph.parameters }
}
