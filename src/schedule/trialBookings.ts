/**
 * Transfers tried for one op, before any is booked. All of them hold the receiver's endpoint for their whole time, so a conflict
 * between two of them, also on a shared sender, is an overlap of their intervals.
 */
export class TrialBookings {
  /** Disjoint, ascending, those that touch joined: an op with thousands of inputs has few. */
  private count = 0
  private start = new Float64Array(8)
  private end = new Float64Array(8)

  clear(): void {
    this.count = 0
  }

  /** Adds an interval that overlaps none. */
  add(start: number, end: number): void {
    if (end <= start) return
    const at = this.firstEndingAfter(start)
    const joinsBefore = at > 0 && this.end[at - 1] === start
    const joinsAfter = at < this.count && this.start[at] === end
    if (joinsBefore && joinsAfter) {
      this.end[at - 1] = this.end[at]
      this.start.copyWithin(at, at + 1, this.count)
      this.end.copyWithin(at, at + 1, this.count--)
    } else if (joinsBefore) this.end[at - 1] = end
    else if (joinsAfter) this.start[at] = start
    else this.insert(at, start, end)
  }

  private insert(at: number, start: number, end: number): void {
    if (this.count === this.start.length) {
      const [starts, ends] = [this.start, this.end]
      this.start = new Float64Array(2 * this.count)
      this.end = new Float64Array(2 * this.count)
      this.start.set(starts)
      this.end.set(ends)
    }
    if (at < this.count) {
      this.start.copyWithin(at + 1, at, this.count)
      this.end.copyWithin(at + 1, at, this.count)
    }
    this.start[at] = start
    this.end[at] = end
    this.count++
  }

  fit(from: number, ticks: number): number {
    if (ticks <= 0) return from
    let at = from
    for (let k = this.firstEndingAfter(from); k < this.count && this.start[k] < at + ticks; k++) at = this.end[k]
    return at
  }

  private firstEndingAfter(time: number): number {
    let low = 0
    let high = this.count
    while (low < high) {
      const middle = (low + high) >> 1
      if (this.end[middle] > time) high = middle
      else low = middle + 1
    }
    return low
  }
}
