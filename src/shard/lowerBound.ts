import { roundUp } from './integers.js'
import { leavesRoom, type Pieces, piecesOf } from './pieces.js'
import { type SizeRange, shardSizes } from './shardSizes.js'
import type { Certificate, LayoutProblem } from './types.js'

/**
 * A shard size that no layout goes below, whatever the order of its tensors, and why.
 * - volume: the shards hold all elements;
 * - block: some device holds the largest block whole;
 * - pieces: what devices hold comes in multiples of some size, and beside those there is too little room (`leavesRoom`);
 * - cuts: a tensor of more than 2 S elements has two boundaries inside wherever it lies, so its granularity divides S.
 */
export function lowerBound(problem: LayoutProblem): Certificate {
  const { kinds, devices, unitElements } = problem
  let best: Certificate = { shardElements: unitElements, reason: 'volume' }
  const atLeast = (elements: number, why: Omit<Certificate, 'shardElements'>) => {
    const shardElements = roundUp(elements, unitElements)
    if (shardElements > best.shardElements) best = { ...why, shardElements }
  }
  atLeast(kinds.reduce((sum, { elements, count }) => sum + elements * count, 0) / devices, { reason: 'volume' })
  for (const { granularity } of kinds) atLeast(granularity, { reason: 'block' })
  const pieces = piecesOf(kinds)
  for (const each of pieces)
    atLeast(roundUp(each.held / devices, each.elements), { reason: 'pieces', pieceElements: each.elements })
  const ranges = shardSizes(problem, best.shardElements)
  let range = ranges.next().value
  atLeast(range.least, { reason: 'cuts' })
  for (let looked = 0; looked < mostRanges; looked++) {
    const { least, tight } = leastWithRoom(range, pieces, problem)
    if (tight) atLeast(least, { reason: 'pieces', pieceElements: tight.elements })
    if (least <= range.most) break
    range = ranges.next().value
  }
  return best
}

/** Looked through for one with room; what is refuted by then stays so. */
const mostRanges = 1000

/** The first size of a range that has room beside all pieces, beyond its end if none has; and which pieces were in the way last. */
function leastWithRoom(
  { least, most }: SizeRange,
  pieces: readonly Pieces[],
  { devices, unitElements }: LayoutProblem,
): { readonly least: number; readonly tight?: Pieces } {
  let tight: Pieces | undefined
  let from = least
  for (const each of pieces) {
    if (leavesRoom(each, devices, from, least)) continue
    tight = each
    if (!leavesRoom(each, devices, most, least)) return { least: most + unitElements, tight }
    // Within a range, room only grows: halve.
    let [short, enough] = [from / unitElements, most / unitElements]
    while (enough - short > 1) {
      const middle = Math.floor((short + enough) / 2)
      if (leavesRoom(each, devices, middle * unitElements, least)) enough = middle
      else short = middle
    }
    from = enough * unitElements
  }
  return { least: from, tight }
}
