const blockBits = 6
const blockSize = 1 << blockBits

/**
 * Bytes over time, a step function: value[k] holds from time[k] to time[k+1], the last for ever. Changes come near its end; the rest is
 * summed up in peaks of blocks and of all blocks up to each, so that asking for a peak does not take longer as the schedule grows.
 */
export class MemoryProfile {
  private count = 1
  private time = new Float64Array(blockSize)
  private value = new Float64Array(blockSize)
  private blockPeak = new Float64Array(1)
  /** Peak of all blocks up to and with this one. */
  private peakUpTo = new Float64Array(1)
  /** So many blocks are full and summed up. */
  private summedUp = 0
  /** At least the peak; brought down to it by `peakFrom(0)`. */
  mostEver = 0

  /** Bytes held for ever, by what is known now. */
  get atEnd(): number {
    return this.value[this.count - 1]
  }

  add(from: number, to: number, bytes: number): void {
    if (bytes === 0 || to <= from) return
    const first = this.cut(from)
    const last = to === Number.POSITIVE_INFINITY ? this.count : this.cut(to)
    for (let k = first; k < last; k++) {
      this.value[k] += bytes
      if (this.value[k] > this.mostEver) this.mostEver = this.value[k]
    }
  }

  /** The most bytes held at or after the time. */
  peakFrom(from: number): number {
    this.sumUp()
    const { value, summedUp, blockPeak, peakUpTo } = this
    const first = from <= 0 ? 0 : this.stepAt(from)
    let peak = 0
    for (let k = Math.max(first, summedUp << blockBits); k < this.count; k++) if (value[k] > peak) peak = value[k]
    const firstWhole = (first + blockSize - 1) >> blockBits
    if (firstWhole === 0 && summedUp > 0) peak = Math.max(peak, peakUpTo[summedUp - 1])
    else for (let b = firstWhole; b < summedUp; b++) if (blockPeak[b] > peak) peak = blockPeak[b]
    const partial = Math.min(firstWhole, summedUp) << blockBits
    for (let k = first; k < partial; k++) if (value[k] > peak) peak = value[k]
    if (from <= 0) this.mostEver = peak
    return peak
  }

  private sumUp(): void {
    const { value, blockPeak, peakUpTo } = this
    for (; (this.summedUp + 1) << blockBits <= this.count; this.summedUp++) {
      const block = this.summedUp
      let peak = 0
      for (let k = block << blockBits; k < (block + 1) << blockBits; k++) if (value[k] > peak) peak = value[k]
      blockPeak[block] = peak
      peakUpTo[block] = block > 0 ? Math.max(peak, peakUpTo[block - 1]) : peak
    }
  }

  /** The position whose step starts at the time, made if there is none; what follows is about to change. */
  private cut(at: number): number {
    let k = this.stepAt(at)
    if (this.time[k] !== at) {
      k++
      if (this.count === this.time.length) this.grow()
      this.time.copyWithin(k + 1, k, this.count)
      this.value.copyWithin(k + 1, k, this.count)
      this.time[k] = at
      this.value[k] = this.value[k - 1]
      this.count++
    }
    this.summedUp = Math.min(this.summedUp, k >> blockBits)
    return k
  }

  /** The last step that starts at or before the time. */
  private stepAt(at: number): number {
    const { time } = this
    let high = this.count - 1
    let low = high
    // Doubling strides from the end, where nearly all questions aim.
    for (let stride = 1; low > 0 && time[low] > at; stride *= 2) {
      high = low
      low = Math.max(0, low - stride)
    }
    while (low < high) {
      const middle = (low + high + 1) >> 1
      if (time[middle] <= at) low = middle
      else high = middle - 1
    }
    return low
  }

  private grow(): void {
    const longer = (column: Float64Array, length: number) => {
      const copy = new Float64Array(length)
      copy.set(column)
      return copy
    }
    this.time = longer(this.time, 2 * this.count)
    this.value = longer(this.value, 2 * this.count)
    this.blockPeak = longer(this.blockPeak, (2 * this.count) >> blockBits)
    this.peakUpTo = longer(this.peakUpTo, (2 * this.count) >> blockBits)
  }
}
