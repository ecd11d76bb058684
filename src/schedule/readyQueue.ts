import { Heap } from './heap.js'

/**
 * The ready ops of one device, for list scheduling: those whose inputs arrive only after the device is free wait by arrival; the others
 * can all start when it is free and queue by rank. Ranks break ties of arrival too, then op numbers.
 * Entries may be outdated: the owner says which still count.
 */
export class ReadyQueue {
  private readonly waiting = new Heap()
  private readonly runnable = new Heap()
  /** Start of the op that `best` returned. */
  bestStart = 0

  push(op: number, arrival: number, rank: number): void {
    this.waiting.push(op, arrival, rank)
  }

  /** The op that `best` returned turned out to arrive later than known. What it is in `waiting` with is outdated by then. */
  withdraw(op: number): void {
    if (this.runnable.size > 0 && this.runnable.topItem === op) this.runnable.pop()
  }

  /**
   * The op that could start first on a device free from `free` on, or -1; ties go to the greater rank. Drops outdated entries:
   * `counts(op, arrival)` is asked of each entry that comes to the top (arrival -1 once it was found runnable).
   */
  best(free: number, rank: Float64Array, counts: (op: number, arrival: number) => boolean): number {
    const { waiting, runnable } = this
    while (waiting.size > 0) {
      const isCurrent = counts(waiting.topItem, waiting.topFirst)
      if (isCurrent && waiting.topFirst > free) break
      const op = waiting.pop()
      if (isCurrent) runnable.push(op, 0, rank[op])
    }
    while (runnable.size > 0 && !counts(runnable.topItem, -1)) runnable.pop()
    if (runnable.size > 0) {
      this.bestStart = free
      return runnable.topItem
    }
    this.bestStart = waiting.topFirst
    return waiting.size > 0 ? waiting.topItem : -1
  }
}
