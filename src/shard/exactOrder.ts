import { earliestStart } from './earliestStart.js'
import type { Arrangement, Kind } from './types.js'

/**
 * An arrangement in the buffer of `devices` shards, or undefined if no order whatever has one: for every choice of how many tensors of each kind are laid,
 * the least end that they can have. Exact, for a later end never lets the next tensor start earlier. Source: Held and Karp 1962, by kinds.
 *
 * Pre: `stateCount(kinds)` is small enough to hold.
 */
export function exactOrder(kinds: readonly Kind[], devices: number, shard: number): Arrangement | undefined {
  const states = stateCount(kinds)
  const ends = new Float64Array(states).fill(Number.POSITIVE_INFINITY)
  const last = new Int32Array(states).fill(-1)
  const counts = new Int32Array(kinds.length)
  const strides = stridesOf(kinds)
  let unlaid = kinds.reduce((sum, { elements, count }) => sum + elements * count, 0)
  ends[0] = 0
  for (let state = 0; state < states; state++) {
    const end = ends[state]
    if (end + unlaid <= devices * shard) {
      for (let kind = 0; kind < kinds.length; kind++) {
        const { elements, granularity, count } = kinds[kind]
        if (counts[kind] === count) continue
        const next = state + strides[kind]
        const nextEnd = earliestStart(end, elements, granularity, shard) + elements
        if (nextEnd < ends[next]) [ends[next], last[next]] = [nextEnd, kind]
      }
    }
    for (let kind = 0; kind < kinds.length; kind++) {
      unlaid -= kinds[kind].elements
      if (++counts[kind] <= kinds[kind].count) break
      unlaid += counts[kind] * kinds[kind].elements
      counts[kind] = 0
    }
  }
  return ends[states - 1] <= devices * shard ? traced(kinds, strides, last, ends, shard) : undefined
}

/** Choices of how many tensors of each kind are laid. */
export function stateCount(kinds: readonly Kind[]): number {
  return kinds.reduce((product, { count }) => product * (count + 1), 1)
}

function stridesOf(kinds: readonly Kind[]): readonly number[] {
  let stride = 1
  return kinds.map(({ count }) => {
    const own = stride
    stride *= count + 1
    return own
  })
}

function traced(
  kinds: readonly Kind[],
  strides: readonly number[],
  last: Int32Array,
  ends: Float64Array,
  shardElements: number,
): Arrangement {
  const laid: number[] = []
  const starts: number[] = []
  for (let state = last.length - 1; state > 0; state -= strides[laid.at(-1)!]) {
    laid.push(last[state])
    starts.push(ends[state] - kinds[last[state]].elements)
  }
  return { shardElements, kinds: laid.reverse(), starts: starts.reverse() }
}
