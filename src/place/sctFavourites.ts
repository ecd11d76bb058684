import type { SctInput } from './sctGraph.js'

/**
 * Rounds the x of m-SCT's relaxation: per op its favourite child, or -1. Of the edges below the threshold the smallest x is taken
 * first, ties by tail and head, so that no parent has two favourites and no child two parents, at any threshold.
 * With x of `sctFirstOrder` on ten layered cases, 0.7 gave schedules up to 8 % longer than 0.5, and 0.1 between 0.3 % shorter and 2.1 % longer.
 * Source: Baechi rounds at 0.1 or 0.5; at exactly 0.5 two children can claim one parent, hence the order.
 */
export function sctFavourites(input: SctInput, x: ArrayLike<number>, threshold = 0.5): Int32Array {
  const { opCount, edgeFrom, edgeTo } = input
  const candidates: number[] = []
  for (let edge = 0; edge < edgeFrom.length; edge++) if (x[edge]! < threshold) candidates.push(edge)
  candidates.sort((a, b) => x[a]! - x[b]! || edgeFrom[a]! - edgeFrom[b]! || edgeTo[a]! - edgeTo[b]!)
  const child = new Int32Array(opCount).fill(-1)
  const claimed = new Uint8Array(opCount)
  for (const edge of candidates) {
    const [from, to] = [edgeFrom[edge]!, edgeTo[edge]!]
    if (child[from] !== -1 || claimed[to]) continue
    child[from] = to
    claimed[to] = 1
  }
  return child
}
