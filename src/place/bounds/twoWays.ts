import { type Heads, heads } from './heads.js'
import type { Network } from './network.js'

/** Heads of both directions of time: `backward.end[op]` is the op and what follows it. */
export interface TwoWays {
  readonly network: Network
  readonly mirror: Network
  readonly forward: Heads
  readonly backward: Heads
}

/** Branches per op in the first pass, and at most in the second. */
const nodes = { few: 8, many: 512 }
/** Branches of the second pass, all ops together. */
const refinedNodes = 640_000
const mostRefined = 5_000

/** First with few branches an op, then with many for the ops on the longest ways: only those can carry the bound. */
export function twoWays(network: Network, mirror: Network, effort: number): TwoWays {
  const { count, leastTicks } = network
  const rough = { forward: heads(network, nodes.few), backward: heads(mirror, nodes.few) }
  const way = rough.forward.end.map((end, op) => end + rough.backward.end[op] - leastTicks[op])
  const refined = Math.min(count, Math.ceil(effort * mostRefined))
  const least = way.slice().sort()[count - refined]
  const many = Math.max(nodes.few, Math.min(nodes.many, Math.floor((effort * refinedNodes) / refined)))
  const nodesOf = Int32Array.from(way, (ticks) => (ticks >= least ? many : nodes.few))
  return { network, mirror, forward: heads(network, many, nodesOf), backward: heads(mirror, many, nodesOf) }
}

/**
 * Least start of each op, over the kinds that may run it; of the backward heads, least tail. With unequal kinds this may be less than `end` less
 * the op's least ticks: an op that starts early on a slow device also occupies it longer.
 */
export function starts({ count, kindTicks }: Network, { head }: Heads): Float64Array {
  return Float64Array.from({ length: count }, (_, op) => {
    let least = Number.POSITIVE_INFINITY
    for (let kind = 0; kind < head.length; kind++) if (kindTicks[kind][op] >= 0) least = Math.min(least, head[kind][op])
    return least
  })
}
