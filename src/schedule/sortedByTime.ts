const digitBits = 11
const buckets = 1 << digitBits
const twoTo32 = 2 ** 32
/** Digits: three of the low word (11, 11 and 10 bits), then two of the high one; a time below 2^ends[d] needs d + 1 of them. */
const ends = [11, 22, 32, 43, 53]

/** Keys in two words that travel with the positions, so that every pass reads in sequence. */
interface Keys {
  readonly order: Uint32Array
  readonly low: Uint32Array
  readonly high: Uint32Array
}

/**
 * Positions of the times in ascending order; equal times keep their order. Times are integers from 0 to 2^53.
 * A radix sort: comparison sorts of numbered events take several times as long from 100,000 events on.
 */
export function sortedByTime(times: Float64Array): Uint32Array {
  const count = times.length
  if (count < 128) return Uint32Array.from(times, (_, k) => k).sort((a, b) => times[a] - times[b] || a - b)
  let from = keysOf(count)
  let to = keysOf(count)
  let largest = 0
  for (let k = 0; k < count; k++) {
    if (times[k] > largest) largest = times[k]
    from.order[k] = k
    // Stored modulo 2^32.
    from.low[k] = times[k]
    from.high[k] = times[k] / twoTo32
  }
  for (let digit = 0; digit < ends.length; digit++) {
    const word = digit < 3 ? from.low : from.high
    pass(from, word, digitBits * (digit % 3), to)
    ;[from, to] = [to, from]
    if (largest < 2 ** ends[digit]) break
  }
  return from.order
}

function keysOf(count: number): Keys {
  return { order: new Uint32Array(count), low: new Uint32Array(count), high: new Uint32Array(count) }
}

/** One counting sort, by the bits of the word from `shift` on. */
function pass(from: Keys, word: Uint32Array, shift: number, to: Keys): void {
  const next = new Uint32Array(buckets + 1)
  for (let k = 0; k < word.length; k++) next[((word[k] >>> shift) & (buckets - 1)) + 1]++
  for (let b = 0; b < buckets; b++) next[b + 1] += next[b]
  for (let k = 0; k < word.length; k++) {
    const at = next[(word[k] >>> shift) & (buckets - 1)]++
    to.order[at] = from.order[k]
    to.low[at] = from.low[k]
    to.high[at] = from.high[k]
  }
}
