import { type SctInput, sctGraph } from './sctGraph.js'

/** m-SCT's graph for long sweeps: ops numbered in topological order and edges by head, so that a forward pass reads memory in order. */
export interface SctNetwork {
  readonly opCount: number
  readonly edgeCount: number
  readonly seconds: Float64Array
  /** Edges into op j are inStart[j] .. inStart[j + 1]; inEdge lists just these numbers, so that both sides can be read alike. */
  readonly inStart: Int32Array
  readonly inEdge: Int32Array
  readonly from: Int32Array
  readonly to: Int32Array
  readonly edgeSeconds: Float64Array
  /** Edges out of op i are outEdge[outStart[i] .. outStart[i + 1]]. */
  readonly outStart: Int32Array
  readonly outEdge: Int32Array
  /** The caller's number of an edge. */
  readonly inputEdge: Int32Array
}

export function sctNetwork(input: SctInput): SctNetwork {
  const { order, inStart: inputStart, inEdge: inputIn } = sctGraph(input)
  const { opCount } = input
  const edgeCount = inputIn.length
  const position = new Int32Array(opCount)
  for (let at = 0; at < opCount; at++) position[order[at]!] = at
  const inStart = new Int32Array(opCount + 1)
  const outStart = new Int32Array(opCount + 1)
  const inputEdge = new Int32Array(edgeCount)
  let filled = 0
  for (let at = 0; at < opCount; at++) {
    const op = order[at]!
    for (let k = inputStart[op]!; k < inputStart[op + 1]!; k++) inputEdge[filled++] = inputIn[k]!
    inStart[at + 1] = filled
  }
  const from = inputEdge.map((edge) => position[input.edgeFrom[edge]!]!)
  const to = inputEdge.map((edge) => position[input.edgeTo[edge]!]!)
  for (const op of from) outStart[op + 1]!++
  for (let op = 0; op < opCount; op++) outStart[op + 1]! += outStart[op]!
  const cursor = outStart.slice()
  const outEdge = new Int32Array(edgeCount)
  for (let edge = 0; edge < edgeCount; edge++) outEdge[cursor[from[edge]!]!++] = edge
  const inEdge = inputEdge.map((_, edge) => edge)
  const seconds = Float64Array.from(order, (op) => input.seconds[op]!)
  const edgeSeconds = Float64Array.from(inputEdge, (edge) => input.edgeSeconds[edge]!)
  return { opCount, edgeCount, seconds, inStart, inEdge, from, to, edgeSeconds, outStart, outEdge, inputEdge }
}
