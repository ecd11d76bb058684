import type { SctNetwork } from './sctNetwork.js'

/** A unit flow from sources to sinks: how the weight of the longest paths spreads over ops and edges. */
export interface PathFlow {
  readonly op: Float64Array
  readonly edge: Float64Array
}

/**
 * The longest path, softened: temperature * log of the sum over paths of exp(length / temperature), where a favour of 0..1 takes that
 * share of an edge's seconds away. Fills the flow, which is the derivative by the op seconds; by the favours it is -edgeSeconds * flow.edge.
 * `end` is scratch, one entry per op.
 * Source: Nesterov 2005 (smooth minimization of non-smooth functions); on paths a forward pass gives the value, a backward pass the flow.
 */
export function softLongestPath(
  net: SctNetwork,
  favour: Float64Array,
  temperature: number,
  flow: PathFlow,
  end: Float64Array,
): number {
  const { opCount, inStart, outStart, from } = net
  softEnds(net, favour, temperature, flow.edge, end)
  let longest = 0
  for (let op = 0; op < opCount; op++) if (end[op]! > longest) longest = end[op]!
  let sum = 0
  for (let op = 0; op < opCount; op++) {
    flow.op[op] = outStart[op] === outStart[op + 1] ? Math.exp((end[op]! - longest) / temperature) : 0
    sum += flow.op[op]!
  }
  for (let op = opCount - 1; op >= 0; op--) {
    if (outStart[op] === outStart[op + 1]) flow.op[op]! /= sum
    const through = flow.op[op]!
    for (let edge = inStart[op]!; edge < inStart[op + 1]!; edge++) {
      const share = through * flow.edge[edge]!
      flow.edge[edge] = share
      flow.op[from[edge]!]! += share
    }
  }
  return longest + temperature * Math.log(sum)
}

/** Soft latest end of every op, and of each edge the share it has in its head's soft maximum. */
function softEnds(
  net: SctNetwork,
  favour: Float64Array,
  temperature: number,
  share: Float64Array,
  end: Float64Array,
): void {
  const { opCount, seconds, inStart, from, edgeSeconds } = net
  for (let op = 0; op < opCount; op++) {
    const first = inStart[op]!
    const past = inStart[op + 1]!
    let latest = 0
    for (let edge = first; edge < past; edge++) {
      const arrival = end[from[edge]!]! + edgeSeconds[edge]! * (1 - favour[edge]!)
      share[edge] = arrival
      if (arrival > latest) latest = arrival
    }
    if (past - first === 1) share[first] = 1
    else if (past > first) {
      let sum = 0
      for (let edge = first; edge < past; edge++) {
        share[edge] = Math.exp((share[edge]! - latest) / temperature)
        sum += share[edge]!
      }
      for (let edge = first; edge < past; edge++) share[edge]! /= sum
      latest += temperature * Math.log(sum)
    }
    end[op] = latest + seconds[op]!
  }
}

/** The longest path itself. */
export function longestPath(net: SctNetwork, favour: Float64Array, end: Float64Array): number {
  const { opCount, seconds, inStart, from, edgeSeconds } = net
  let longest = 0
  for (let op = 0; op < opCount; op++) {
    let latest = 0
    for (let edge = inStart[op]!; edge < inStart[op + 1]!; edge++) {
      const arrival = end[from[edge]!]! + edgeSeconds[edge]! * (1 - favour[edge]!)
      if (arrival > latest) latest = arrival
    }
    end[op] = latest + seconds[op]!
    if (end[op]! > longest) longest = end[op]!
  }
  return longest
}

/** Mean length of a path drawn from the flow; without favours, every edge at its full length. */
export function flowLength(net: SctNetwork, flow: PathFlow, favour?: Float64Array): number {
  let length = 0
  for (let op = 0; op < net.opCount; op++) length += flow.op[op]! * net.seconds[op]!
  for (let edge = 0; edge < net.edgeCount; edge++) {
    length += flow.edge[edge]! * net.edgeSeconds[edge]! * (1 - (favour ? favour[edge]! : 0))
  }
  return length
}
