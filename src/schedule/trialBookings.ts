/**
 * Transfers tried for one op, before any is booked. All of them hold the receiver's endpoint for their whole time, so a conflict
 * between two of them, also on a shared sender, is an overlap of their intervals.
 */
export class TrialBookings {
  /** Disjoint, ascending, those that touch joined: an op with thousands of inputs has few. */
  private readonly start: number[] = []
  private readonly end: number[] = []

  clear(): void {
    this.start.length = 0
    this.end.length = 0
  }

  /** Adds an interval that overlaps none. */
  add(start: number, end: number): void {
    if (end <= start) return
    const at = this.firstEndingAfter(start)
    const joinsBefore = at > 0 && this.end[at - 1] === start
    const joinsAfter = at < this.start.length && this.start[at] === end
    if (joinsBefore && joinsAfter) {
      this.end[at - 1] = this.end[at]
      this.start.splice(at, 1)
      this.end.splice(at, 1)
    } else if (joinsBefore) this.end[at - 1] = end
    else if (joinsAfter) this.start[at] = start
    else {
      this.start.splice(at, 0, start)
      this.end.splice(at, 0, end)
    }
  }

  fit(from: number, ticks: number): number {
    if (ticks <= 0) return from
    let at = from
    for (let k = this.firstEndingAfter(from); k < this.start.length && this.start[k] < at + ticks; k++) at = this.end[k]
    return at
  }

  private firstEndingAfter(time: number): number {
    let low = 0
    let high = this.end.length
    while (low < high) {
      const middle = (low + high) >> 1
      if (this.end[middle] > time) high = middle
      else low = middle + 1
    }
    return low
  }
}
