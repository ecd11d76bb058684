import { InternalError } from '../errors/index.js'

/** An operator graph as m-SCT sees it. Edges between one pair of ops are merged by the caller; the graph has no cycle. */
export interface SctInput {
  readonly opCount: number
  /** p_i, one per op. */
  readonly seconds: Float64Array
  readonly edgeFrom: Int32Array
  readonly edgeTo: Int32Array
  /** c_ij, one per edge: what the edge costs unless j is the favourite child of i. */
  readonly edgeSeconds: Float64Array
}

/** Edges grouped by op, and the ops in an order that every edge follows. */
export interface SctGraph {
  readonly order: Int32Array
  /** Edge numbers grouped by their tail; op i has outEdge[outStart[i] .. outStart[i + 1]). */
  readonly outStart: Int32Array
  readonly outEdge: Int32Array
  readonly inStart: Int32Array
  readonly inEdge: Int32Array
}

/** Groups the edges and sorts the ops (Kahn), both by index where free. */
export function sctGraph({ opCount, edgeFrom, edgeTo }: SctInput): SctGraph {
  const [outStart, outEdge] = group(opCount, edgeFrom)
  const [inStart, inEdge] = group(opCount, edgeTo)
  const order = new Int32Array(opCount)
  const waiting = new Int32Array(opCount)
  let filled = 0
  for (let op = 0; op < opCount; op++) {
    waiting[op] = inStart[op + 1]! - inStart[op]!
    if (waiting[op] === 0) order[filled++] = op
  }
  for (let next = 0; next < filled; next++) {
    for (let k = outStart[order[next]!]!; k < outStart[order[next]! + 1]!; k++) {
      const to = edgeTo[outEdge[k]!]!
      if (--waiting[to]! === 0) order[filled++] = to
    }
  }
  if (filled < opCount) throw new InternalError('the graph given to m-SCT has a cycle')
  return { order, outStart, outEdge, inStart, inEdge }
}

function group(opCount: number, end: Int32Array): [start: Int32Array, edge: Int32Array] {
  const start = new Int32Array(opCount + 1)
  for (const op of end) start[op + 1]!++
  for (let op = 0; op < opCount; op++) start[op + 1]! += start[op]!
  const cursor = start.slice(0, opCount)
  const edge = new Int32Array(end.length)
  for (let e = 0; e < end.length; e++) edge[cursor[end[e]!]!++] = e
  return [start, edge]
}

/** Earliest start of every op when each edge takes `share(edge)` of its seconds. The last entry is the makespan. */
export function earliestStarts(input: SctInput, graph: SctGraph, share: (edge: number) => number): Float64Array {
  const start = new Float64Array(input.opCount + 1)
  for (const op of graph.order) {
    const end = start[op]! + input.seconds[op]!
    if (end > start[input.opCount]!) start[input.opCount] = end
    for (let k = graph.outStart[op]!; k < graph.outStart[op + 1]!; k++) {
      const edge = graph.outEdge[k]!
      const arrival = end + input.edgeSeconds[edge]! * share(edge)
      if (arrival > start[input.edgeTo[edge]!]!) start[input.edgeTo[edge]!] = arrival
    }
  }
  return start
}
