import { gcd, lcm, roundUp } from './integers.js'
import type { Kind, LayoutProblem } from './types.js'

/** Shard sizes that are alike to tensors with blocks: these fit into all of them or into none. */
export interface SizeRange {
  readonly least: number
  readonly most: number
}

/**
 * The shard sizes from `atLeast` on that a layout may have, smallest first and without end.
 * - A tensor of more than two shards is cut twice wherever it lies, so only multiples of such tensors' granularities can do.
 * - Where no tensor is as long, tensors with blocks fit into S exactly if they fit into the largest multiple of their common divisor below S (push what
 *   a device holds to its two ends), so the sizes between two multiples are one range.
 */
export function* shardSizes(
  { kinds, unitElements }: LayoutProblem,
  atLeast: number,
): Generator<SizeRange, never, undefined> {
  const forced = kinds
    .map(({ elements, granularity }) => ({ granularity, upTo: Math.floor((elements - 1) / 2) }))
    .sort((a, b) => b.upTo - a.upTo)
  const multiples: number[] = []
  for (const { granularity } of forced) multiples.push(lcm(multiples.at(-1) ?? unitElements, granularity))
  let from = roundUp(atLeast, unitElements)
  for (let longest = forced.length - 1; longest >= 0; longest--) {
    const { upTo } = forced[longest]
    const step = multiples[longest]
    if (Number.isFinite(step))
      for (let size = roundUp(from, step); size <= upTo; size += step) yield { least: size, most: size }
    from = Math.max(from, roundUp(upTo + 1, unitElements))
  }
  const step = commonDivisor(kinds)
  for (let least = from; ; ) {
    const next = roundUp((Math.floor(least / step) + 1) * step, unitElements)
    yield { least, most: next - unitElements }
    least = next
  }
}

/** Of the elements and granularities of all tensors with blocks; 1 where there are none. */
function commonDivisor(kinds: readonly Kind[]): number {
  let divisor = 0
  for (const { elements, granularity } of kinds) if (granularity > 1) divisor = gcd(gcd(elements, granularity), divisor)
  return divisor || 1
}
