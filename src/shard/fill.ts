import { earliestStart } from './earliestStart.js'
import type { Arrangement, Kind } from './types.js'

/**
 * Lays kinds one tensor at a time: of those left, the one hardest to cut whose wait is worth while, so that tensors easy to cut are kept for the device
 * boundaries. A wait is worth while up to `patience` times the free elements that are left for each tensor left; if every wait is longer, the shortest is
 * taken. Undefined where this does not fit.
 *
 * Pre: kinds from the hardest to the easiest. Post: no boundary falls inside a block.
 */
export function fill(
  kinds: readonly Kind[],
  devices: number,
  shard: number,
  patience: number,
): Arrangement | undefined {
  const left = kinds.map(({ count }) => count)
  const laid: number[] = []
  const starts: number[] = []
  let tensors = left.reduce((sum, count) => sum + count, 0)
  let free = devices * shard - kinds.reduce((sum, { elements, count }) => sum + elements * count, 0)
  for (let end = 0; tensors > 0; tensors--) {
    const bearable = (patience * free) / tensors
    let [best, bestStart] = [-1, Number.POSITIVE_INFINITY]
    for (let kind = 0, seen = 0; kind < kinds.length && seen < mostLookedAt; kind++) {
      if (left[kind] === 0) continue
      seen++
      const { elements, granularity } = kinds[kind]
      const start = earliestStart(end, elements, granularity, shard)
      if (start < bestStart) [best, bestStart] = [kind, start]
      if (bestStart - end <= bearable) break
    }
    free -= bestStart - end
    if (best < 0 || free < 0) return undefined
    left[best]--
    laid.push(best)
    starts.push(bestStart)
    end = bestStart + kinds[best].elements
  }
  return { shardElements: shard, kinds: laid, starts }
}

/** Keeps thousands of unlike tensors from costing the square of their number. */
const mostLookedAt = 64
