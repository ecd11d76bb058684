/**
 * Windows tried: this many starts by this many ends, all of them where there are no more ops; else nearer each other towards the first
 * and the last ops, because a window that pays leaves few out.
 */
const mostCuts = 256

/**
 * Work that must run inside a window. Ops with a head of at least h and a tail of at least d run between h and the step's end less d, so h + their
 * work on the whole cluster + d is a bound. With m equal devices the window does not open on all of them at once: they start on m different
 * ops and end on m different ones (one that runs none may take over an op of another's), so the mean of the m least heads and that of the
 * m least tails replace h and d (Carlier, EJOR 1987).
 *
 * `ticks`: each op's stretch on the whole cluster (`weightedWork`); `equalDevices`: their number when all are of one kind, else 1.
 */
export function intervalLoad(
  head: Float64Array,
  ticks: Float64Array,
  tail: Float64Array,
  equalDevices: number,
): number {
  const count = head.length
  const cuts = Math.min(count, mostCuts)
  const starts = cutByQuantiles(head, cuts)
  const ends = cutByQuantiles(tail, cuts)
  const width = cuts + 1
  // Of ops in start bucket i or later and end bucket j or later, once summed up from the back.
  const work = new Float64Array(width * width)
  const ops = new Int32Array(width * width)
  for (let op = 0; op < count; op++) {
    const at = starts.bucketOf[op] * width + ends.bucketOf[op]
    work[at] += ticks[op]
    ops[at]++
  }
  const opens = starts.meanOfNext(equalDevices)
  const closes = ends.meanOfNext(equalDevices)
  let best = 0
  for (let i = cuts - 1; i >= 0; i--)
    for (let j = cuts - 1; j >= 0; j--) {
      const at = i * width + j
      work[at] += work[at + 1] + work[at + width] - work[at + width + 1]
      ops[at] += ops[at + 1] + ops[at + width] - ops[at + width + 1]
      if (ops[at] === 0) continue
      const rest = ops[at] >= equalDevices ? opens[i] + closes[j] : starts.least[i] + ends.least[j]
      if (rest + work[at] > best) best = rest + work[at]
    }
  return best
}

interface Cuts {
  readonly bucketOf: Int32Array
  /** The least value of each bucket. */
  readonly least: Float64Array
  /** Per bucket the mean of the `m` values from its least on; no m values of this bucket and later ones have a smaller mean. */
  meanOfNext(m: number): Float64Array
}

function cutByQuantiles(values: Float64Array, cuts: number): Cuts {
  const count = values.length
  const sorted = Int32Array.from({ length: count }, (_, k) => k).sort((a, b) => values[a] - values[b] || a - b)
  const cutAt = (c: number) => (count === cuts ? c : c + Math.floor((count - cuts) * (c / cuts) ** 3))
  const bucketOf = new Int32Array(count)
  for (let c = 0; c < cuts; c++)
    for (let k = cutAt(c); k < (c + 1 < cuts ? cutAt(c + 1) : count); k++) bucketOf[sorted[k]] = c
  return {
    bucketOf,
    least: Float64Array.from({ length: cuts }, (_, c) => values[sorted[cutAt(c)]]),
    meanOfNext(m) {
      return Float64Array.from({ length: cuts }, (_, c) => {
        const from = Math.min(cutAt(c), count - m)
        let sum = 0
        for (let k = 0; k < m && from >= 0; k++) sum += values[sorted[from + k]]
        return sum / m
      })
    },
  }
}
