import type { Activities } from './activities.js'
import { MemoryNow } from './memoryNow.js'
import type { SearchBudget } from './searchBudget.js'

/**
 * Every schedule of a complete placement that the core can replay (the active ones) shorter than a limit that may fall, handed to `found`; for
 * placements whose shortest schedule passes a memory limit.
 *
 * Activities are committed in the order of their starts, ties by position: committed so, each active schedule comes back exactly, because
 * an activity that then fitted earlier could be shifted. So a branch ends when an activity would start before the last one; when another
 * could be done, without conflict, before the chosen one starts (it would have to come first: Giffler and Thompson, Operations Research
 * 1960); when what is held passes a limit; or when the longest remaining path reaches the limit. False when the budget ran out.
 */
export function activeSearch(
  activities: Activities,
  limit: () => number,
  budget: SearchBudget,
  found: (start: Float64Array) => void,
): boolean {
  return new ActiveSearch(activities, limit, budget, found).visit(0, 0, -1)
}

class ActiveSearch {
  private readonly start: Float64Array
  private readonly isCommitted: Uint8Array
  private readonly conflicts: readonly (readonly number[])[]
  private readonly before: readonly (readonly number[])[]
  private readonly tail: Float64Array
  private readonly memory: MemoryNow

  constructor(
    private readonly activities: Activities,
    private readonly limit: () => number,
    private readonly budget: SearchBudget,
    private readonly found: (start: Float64Array) => void,
  ) {
    const { count, resources, arcFrom, arcTo } = activities
    this.start = new Float64Array(count)
    this.isCommitted = new Uint8Array(count)
    const conflicts = Array.from({ length: count }, () => new Set<number>())
    for (const list of resources) for (const a of list) for (const b of list) if (a !== b) conflicts[a].add(b)
    this.conflicts = conflicts.map((set) => [...set])
    const before = Array.from({ length: count }, () => [] as number[])
    arcTo.forEach((to, e) => {
      before[to].push(arcFrom[e])
    })
    this.before = before
    this.tail = longestTails(activities)
    this.memory = new MemoryNow(activities, this.start, this.isCommitted)
  }

  visit(committed: number, now: number, lastPosition: number): boolean {
    const { count, ticks, position } = this.activities
    if (committed === count) {
      this.found(this.start.slice())
      return true
    }
    if (this.budget.isSpent) return false
    this.budget.used++
    const ready: { activity: number; at: number }[] = []
    // Nothing may start at or after the end of an activity that fits, nor after one of no time.
    let soonestEnd = Number.POSITIVE_INFINITY
    let soonestInstant = Number.POSITIVE_INFINITY
    for (let a = 0; a < count; a++) {
      if (this.isCommitted[a] || !this.before[a].every((b) => this.isCommitted[b])) continue
      const at = this.fit(a)
      if (Math.max(at, now) + ticks[a] + this.tail[a] >= this.limit()) return true
      // Past its turn: only one that conflicts and starts before its end can still save the branch, by delaying it.
      const isPast = at < now || (at === now && position[a] < lastPosition)
      if (isPast && (at + ticks[a] <= now || ticks[a] === 0)) return true
      if (ticks[a] > 0) soonestEnd = Math.min(soonestEnd, at + ticks[a])
      else soonestInstant = Math.min(soonestInstant, at)
      if (!isPast) ready.push({ activity: a, at })
    }
    ready.sort((x, y) => x.at - y.at || position[x.activity] - position[y.activity])
    for (const { activity, at } of ready) {
      if (at >= soonestEnd || at > soonestInstant) break
      this.start[activity] = at
      this.isCommitted[activity] = 1
      const isDone = !this.memory.fits(at) || this.visit(committed + 1, at, position[activity])
      this.isCommitted[activity] = 0
      if (!isDone) return false
    }
    return true
  }

  /** Earliest start in the gaps that the committed ones leave. */
  private fit(a: number): number {
    const { ticks } = this.activities
    let at = 0
    for (const b of this.before[a]) at = Math.max(at, this.start[b] + ticks[b])
    for (let moved = true; moved; ) {
      moved = false
      for (const b of this.conflicts[a]) {
        const end = this.start[b] + ticks[b]
        if (!this.isCommitted[b] || this.start[b] >= at + ticks[a] || end <= at) continue
        at = end
        moved = true
      }
    }
    return at
  }
}

function longestTails({ count, arcFrom, arcTo, ticks, position }: Activities): Float64Array {
  const tail = new Float64Array(count)
  const arcs = arcFrom.map((_, e) => e).sort((x, y) => position[arcFrom[y]] - position[arcFrom[x]])
  for (const e of arcs) tail[arcFrom[e]] = Math.max(tail[arcFrom[e]], ticks[arcTo[e]] + tail[arcTo[e]])
  return tail
}
