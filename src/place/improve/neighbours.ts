import type { OpGraph } from '../../graph/index.js'

/** Device of a random neighbour of the op in the graph, -1 if it has none. */
export function neighbourDevice(
  { inStart, inEdge, outStart, edgeFrom, edgeTo }: OpGraph,
  deviceOf: Int32Array,
  op: number,
  random: () => number,
): number {
  const ins = inStart[op + 1] - inStart[op]
  const outs = outStart[op + 1] - outStart[op]
  if (ins + outs === 0) return -1
  const pick = Math.floor(random() * (ins + outs))
  return pick < ins ? deviceOf[edgeFrom[inEdge[inStart[op] + pick]]] : deviceOf[edgeTo[outStart[op] + pick - ins]]
}
