import type { SctNetwork } from './sctNetwork.js'

/** What an op's favour is worth, in seconds per unit: the one it gives to a child and the one it gets from a parent. */
export interface FavourPrices {
  readonly giving: Float64Array
  readonly getting: Float64Array
}

/**
 * Brings a wish back to the favours that m-SCT allows (>= 0, at every op at most 1 given and at most 1 got): nearly the nearest such
 * point, by turns over tails and heads, starting from the prices of the last call.
 * Post: favour = max(0, wish - slope * (giving + getting)); exact at the heads, nearly at the tails (see `scaledFavours`).
 * Source: Hildreth 1957, coordinate ascent on the multipliers of a quadratic program; each op's part is a water-filling.
 */
export function projectFavours(
  net: SctNetwork,
  wish: Float64Array,
  slope: Float64Array,
  prices: FavourPrices,
  favour: Float64Array,
) {
  const { edgeCount, inStart, inEdge, outStart, outEdge, from, to } = net
  const { giving, getting } = prices
  for (let sweep = 0; sweep < 2; sweep++) {
    fill(outStart, outEdge, to, getting, wish, slope, giving)
    fill(inStart, inEdge, from, giving, wish, slope, getting)
  }
  for (let edge = 0; edge < edgeCount; edge++) {
    const left = wish[edge]! - slope[edge]! * (giving[from[edge]!]! + getting[to[edge]!]!)
    favour[edge] = Math.max(left, 0)
  }
}

/** Per op the least price at which its edges want at most one unit, given the prices at their other ends. */
function fill(
  start: Int32Array,
  edges: Int32Array,
  otherEnd: Int32Array,
  otherPrice: Float64Array,
  wish: Float64Array,
  slope: Float64Array,
  price: Float64Array,
): void {
  for (let op = 0; op < price.length; op++) {
    let at = 0
    // Newton on a convex falling function from the left: stops at the root after at most one round per edge.
    for (let rounds = start[op + 1]! - start[op]!; rounds > 0; rounds--) {
      let excess = -1
      let fall = 0
      let wanting = 0
      for (let k = start[op]!; k < start[op + 1]!; k++) {
        const edge = edges[k]!
        const wanted = wish[edge]! - slope[edge]! * otherPrice[otherEnd[edge]!]!
        if (wanted <= slope[edge]! * at) continue
        excess += wanted
        fall += slope[edge]!
        wanting++
      }
      const next = fall > 0 ? excess / fall : 0
      if (next <= at) break
      at = next
      if (wanting === 1) break
    }
    price[op] = at
  }
}

/** Favours shrunk until they are allowed at both ends of every edge. */
export function scaledFavours(net: SctNetwork, favour: Float64Array, scaled: Float64Array): Float64Array {
  const { opCount, edgeCount, from, to } = net
  const given = new Float64Array(opCount)
  const got = new Float64Array(opCount)
  for (let edge = 0; edge < edgeCount; edge++) {
    given[from[edge]!]! += favour[edge]!
    got[to[edge]!]! += favour[edge]!
  }
  for (let edge = 0; edge < edgeCount; edge++) {
    scaled[edge] = favour[edge]! / Math.max(1, given[from[edge]!]!, got[to[edge]!]!)
  }
  return scaled
}

/**
 * The most that any favours can save on a unit flow: at most the sum of prices that pay each edge's flow * edgeSeconds at its two ends
 * (weak duality of bipartite matching). Starts from the giving prices at hand, whose quality decides how tight this is, and lowers by turns.
 */
export function mostSaved(net: SctNetwork, flow: Float64Array, giving: Float64Array): number {
  const { edgeSeconds, inStart, inEdge, outStart, outEdge, from, to } = net
  const worth = flow.map((share, edge) => share * edgeSeconds[edge]!)
  const tail = giving.slice()
  const head = new Float64Array(tail.length)
  for (let round = 0; round < 4; round++) {
    pay(inStart, inEdge, from, tail, worth, head)
    pay(outStart, outEdge, to, head, worth, tail)
  }
  let total = 0
  for (let op = 0; op < tail.length; op++) total += tail[op]! + head[op]!
  return total
}

/** Per op the least price that pays all its edges, given the prices at their other ends. */
function pay(
  start: Int32Array,
  edges: Int32Array,
  otherEnd: Int32Array,
  otherPrice: Float64Array,
  worth: Float64Array,
  price: Float64Array,
) {
  for (let op = 0; op < price.length; op++) {
    let least = 0
    for (let k = start[op]!; k < start[op + 1]!; k++) {
      const rest = worth[edges[k]!]! - otherPrice[otherEnd[edges[k]!]!]!
      if (rest > least) least = rest
    }
    price[op] = least
  }
}
