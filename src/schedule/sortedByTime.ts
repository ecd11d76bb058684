const digitBits = 11
const buckets = 1 << digitBits

/**
 * Positions of the times in ascending order; equal times keep their order. Times are integers from 0 to 2^53.
 * A radix sort: comparison sorts of numbered events take several times as long from 100,000 events on.
 */
export function sortedByTime(times: Float64Array): Uint32Array {
  let largest = 0
  for (const time of times) if (time > largest) largest = time
  let order = Uint32Array.from({ length: times.length }, (_, k) => k)
  let spare = new Uint32Array(times.length)
  if (times.length < 128) return order.sort((a, b) => times[a] - times[b] || a - b)
  const next = new Uint32Array(buckets + 1)
  for (let weight = 1; weight <= largest; weight *= buckets) {
    next.fill(0)
    for (let k = 0; k < times.length; k++) next[(Math.floor(times[k] / weight) % buckets) + 1]++
    for (let b = 0; b < buckets; b++) next[b + 1] += next[b]
    for (let k = 0; k < order.length; k++) spare[next[Math.floor(times[order[k]] / weight) % buckets]++] = order[k]
    ;[order, spare] = [spare, order]
  }
  return order
}
