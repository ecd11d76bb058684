import { Graph } from '@dagrejs/graphlib'
import { fail } from '../errors/index.js'
import type { EdgeDescription, GraphDescription, OpDescription } from './description.js'

/**
 * A description as a @dagrejs/graphlib directed multigraph: node id and label are the op, edge name is the output that travels.
 * For callers who want that library's algorithms; our own run on `OpGraph` (graphlib's recursive topsort overflows on chains of about 4,700 nodes).
 * Throws E105 for the two names that graphlib loses without a word: it keeps nodes in plain objects, and takes an empty edge name for none.
 */
export function toGraphlib(description: GraphDescription): Graph {
  const graph = new Graph({ directed: true, multigraph: true })
  if (description.edges.some(({ output }) => output === ''))
    fail('E105', 'graphlib cannot hold an edge of an output without name', { where: description.name, fix: 'name it' })
  graph.setGraph({ name: description.name, parameters: description.parameters ?? [] })
  if (description.ops.some(({ name }) => name === '__proto__'))
    fail('E105', 'graphlib cannot hold an op named __proto__', { where: description.name, fix: 'rename the op' })
  for (const op of description.ops) graph.setNode(op.name, op)
  for (const edge of description.edges) graph.setEdge(edge.from, edge.to, edge, edge.output)
  return graph
}

/** The way back; `toGraphlib` then `fromGraphlib` gives an equal description (order apart). */
export function fromGraphlib(graph: Graph): GraphDescription {
  const { name, parameters } = graph.graph() as Pick<GraphDescription, 'name' | 'parameters'>
  return {
    name,
    ops: graph.nodes().map((id) => graph.node(id) as OpDescription),
    edges: graph.edges().map((id) => graph.edge(id) as EdgeDescription),
    parameters,
  }
}
