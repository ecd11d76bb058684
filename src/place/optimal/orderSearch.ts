import { Machine } from '../bounds/oneMachine.js'
import type { Activities } from './activities.js'
import type { SearchBudget } from './searchBudget.js'

export interface OrderResult {
  /** Starts of the best schedule shorter than the limit, if there is one. */
  readonly start: Float64Array | undefined
  readonly ticks: number
  /** Whether the search ended by itself: `ticks` is then the optimum, or nothing shorter than the limit exists. */
  readonly isComplete: boolean
}

interface Node {
  /** Earliest start, and least time from the end to the end of the step. */
  readonly head: Float64Array
  readonly tail: Float64Array
  /** Arcs added by decisions, pairwise. */
  readonly arcs: number[]
  /** isDecided[a * count + b]: which of the two comes first is settled. */
  readonly isDecided: Uint8Array
}

/**
 * Shortest schedule of a complete placement, ops and transfers alike: branch and bound on which of two activities that need one resource
 * comes first (Carlier and Pinson, Management Science 1989, with plain immediate selection and Jackson's bound on each resource).
 * Complete: every schedule without conflicts has one order for each pair, and the earliest starts under these orders are no later.
 */
export function orderSearch(activities: Activities, limit: number, budget: SearchBudget): OrderResult {
  const search = new OrderSearch(activities, limit, budget)
  const isComplete = search.solve(search.root())
  return { start: search.best, ticks: search.limit, isComplete }
}

class OrderSearch {
  best: Float64Array | undefined
  private readonly pairs: readonly (readonly [number, number])[]
  private readonly machine: Machine

  constructor(
    private readonly activities: Activities,
    public limit: number,
    private readonly budget: SearchBudget,
  ) {
    const pairs = new Map<number, [number, number]>()
    for (const list of activities.resources)
      for (const a of list) for (const b of list) if (a < b) pairs.set(a * activities.count + b, [a, b])
    this.pairs = [...pairs.values()]
    this.machine = new Machine(activities.count)
  }

  root(): Node {
    const { count } = this.activities
    return {
      head: new Float64Array(count),
      tail: new Float64Array(count),
      arcs: [],
      isDecided: new Uint8Array(count * count),
    }
  }

  /** False when the budget ran out before the subtree was done. */
  solve(node: Node): boolean {
    if (this.budget.isSpent) return false
    this.budget.used++
    if (!this.propagate(node)) return true
    const pair = this.conflict(node)
    if (!pair) {
      this.best = node.head.slice()
      this.limit = 0
      for (let a = 0; a < this.activities.count; a++)
        this.limit = Math.max(this.limit, node.head[a] + this.activities.ticks[a])
      return true
    }
    for (const [first, second] of pair) {
      const child: Node = {
        head: node.head.slice(),
        tail: node.tail.slice(),
        arcs: node.arcs.slice(),
        isDecided: node.isDecided.slice(),
      }
      this.decide(child, first, second)
      if (!this.solve(child)) return false
    }
    return true
  }

  private decide({ arcs, isDecided }: Node, first: number, second: number): void {
    const { count } = this.activities
    arcs.push(first, second)
    isDecided[first * count + second] = 1
    isDecided[second * count + first] = 1
  }

  /** Longest paths, then orders that the limit forces, until nothing changes. False when no schedule of the node is below the limit. */
  private propagate(node: Node): boolean {
    const { head, tail, isDecided } = node
    const { ticks, count, resources } = this.activities
    for (let changed = true; changed; ) {
      if (!this.relax(node)) return false
      changed = false
      for (const [a, b] of this.pairs) {
        if (isDecided[a * count + b]) continue
        const both = ticks[a] + ticks[b]
        const canLead = head[a] + both + tail[b] < this.limit
        const canFollow = head[b] + both + tail[a] < this.limit
        if (!canLead && !canFollow) return false
        if (canLead && canFollow) continue
        this.decide(node, canLead ? a : b, canLead ? b : a)
        changed = true
      }
    }
    for (const list of resources) {
      this.machine.clear()
      for (const a of list) this.machine.add(head[a], ticks[a], tail[a])
      if (this.machine.finish() >= this.limit) return false
    }
    return true
  }

  private relax({ head, tail, arcs }: Node): boolean {
    const { arcFrom, arcTo, ticks } = this.activities
    let changed = true
    const pull = (from: number, to: number): boolean => {
      const at = head[from] + ticks[from]
      if (at > head[to]) {
        head[to] = at
        changed = true
      }
      const left = tail[to] + ticks[to]
      if (left > tail[from]) {
        tail[from] = left
        changed = true
      }
      return head[to] + ticks[to] + tail[to] < this.limit && head[from] + ticks[from] + tail[from] < this.limit
    }
    while (changed) {
      changed = false
      for (let e = 0; e < arcFrom.length; e++) if (!pull(arcFrom[e], arcTo[e])) return false
      for (let k = 0; k < arcs.length; k += 2) if (!pull(arcs[k], arcs[k + 1])) return false
    }
    for (let a = 0; a < ticks.length; a++) if (head[a] + ticks[a] + tail[a] >= this.limit) return false
    return true
  }

  /** Of the pairs that overlap at their earliest starts the one whose better order is worst; both orders, the better one first. */
  private conflict({ head, tail, isDecided }: Node): [[number, number], [number, number]] | undefined {
    const { ticks, count } = this.activities
    let worst = -1
    let found: [[number, number], [number, number]] | undefined
    for (const [a, b] of this.pairs) {
      if (isDecided[a * count + b] || head[a] + ticks[a] <= head[b] || head[b] + ticks[b] <= head[a]) continue
      const lead = head[a] + ticks[a] + ticks[b] + tail[b]
      const follow = head[b] + ticks[a] + ticks[b] + tail[a]
      const better = Math.min(lead, follow)
      if (better < worst) continue
      worst = better
      found =
        lead <= follow
          ? [
              [a, b],
              [b, a],
            ]
          : [
              [b, a],
              [a, b],
            ]
    }
    return found
  }
}
