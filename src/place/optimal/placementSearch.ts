import { type CommitOrder, memoryPeaks, type Schedule } from '../../schedule/index.js'
import { activeSearch } from './activeSearch.js'
import { type Activities, activitiesOf, replayStarts } from './activities.js'
import { Domains, settled } from './domains.js'
import type { ExactModel } from './exactModel.js'
import { orderSearch } from './orderSearch.js'
import type { SearchBudget } from './searchBudget.js'

/** Nodes that one placement may take at first when its shortest schedule passes a memory limit, and how this grows from round to round. */
const firstShare = { nodes: 200, growth: 5 }

/** A placement whose schedules within the memory limits were not all seen. */
interface Postponed {
  readonly activities: Activities
  readonly bound: number
}

export interface Found {
  readonly order: CommitOrder
  readonly schedule: Schedule
  readonly peakBytes: Float64Array
}

/**
 * The shortest schedule below a limit over all placements and commit orders: depth first over the device of one op after the other, each
 * branch held against `Domains`, each complete placement settled by `orderSearch`; where its optimum passes a memory limit, by `activeSearch`.
 */
export class PlacementSearch {
  best: Found | undefined
  /** Least bound of what the budget left unsearched; endless when nothing was. */
  openBound = Number.POSITIVE_INFINITY
  private readonly domains: Domains
  private postponed: Postponed[] = []

  constructor(
    private readonly model: ExactModel,
    /** Only shorter schedules count. */
    public limit: number,
    private readonly budget: SearchBudget,
  ) {
    this.domains = new Domains(model)
  }

  run(): void {
    const { ops, devices, ticks } = this.model
    const domain = new Int32Array(ops)
    for (let op = 0; op < ops; op++)
      for (let d = 0; d < devices; d++) if (ticks[op * devices + d] >= 0) domain[op] |= 1 << d
    this.visit(domain, 0)
    this.settlePostponed()
  }

  /** Again, with more nodes each, until all are done or no longer matter. */
  private settlePostponed(): void {
    for (let nodes = firstShare.nodes * firstShare.growth; ; nodes *= firstShare.growth) {
      const round = this.postponed.filter(({ bound }) => bound < this.limit).sort((a, b) => a.bound - b.bound)
      this.postponed = []
      if (round.length === 0) return
      for (const each of round) {
        if (this.budget.isSpent) this.leaveOpen(each.bound)
        else if (each.bound < this.limit) this.fitMemory(each, nodes)
      }
    }
  }

  private visit(domain: Int32Array, parentBound: number): void {
    if (this.budget.isSpent) {
      this.leaveOpen(parentBound)
      return
    }
    this.budget.used++
    const bound = Math.max(parentBound, this.domains.filter(domain, this.limit))
    if (bound >= this.limit) return
    const op = this.branchingOp(domain)
    if (op < 0) {
      this.complete(domain, bound)
      return
    }
    for (const { device, way } of this.choices(domain, op)) {
      if (way >= this.limit) continue
      const child = domain.slice()
      child[op] = 1 << device
      this.visit(child, Math.max(bound, way))
    }
  }

  private leaveOpen(bound: number): void {
    if (bound < this.limit && bound < this.openBound) this.openBound = bound
  }

  /** The unsettled op with fewest devices left; of these the one with the longest way. */
  private branchingOp(domain: Int32Array): number {
    const { ops } = this.model
    let chosen = -1
    let fewest = Number.POSITIVE_INFINITY
    let longest = 0
    for (let op = 0; op < ops; op++) {
      if (settled(domain[op]) >= 0) continue
      const size = bitCount(domain[op])
      const way = this.leastWay(domain, op)
      if (size > fewest || (size === fewest && way <= longest)) continue
      chosen = op
      fewest = size
      longest = way
    }
    return chosen
  }

  private leastWay(domain: Int32Array, op: number): number {
    let least = Number.POSITIVE_INFINITY
    for (let d = 0; d < this.model.devices; d++) if (domain[op] & (1 << d)) least = Math.min(least, this.way(op, d))
    return least
  }

  private way(op: number, device: number): number {
    const at = op * this.model.devices + device
    return this.domains.head[at] + this.model.ticks[at] + this.domains.tail[at]
  }

  /** Devices for the op, the most promising first, one of each set of exchangeable ones. */
  private choices(domain: Int32Array, op: number): { device: number; way: number }[] {
    const { symmetry, deviceIds, devices } = this.model
    let used = 0
    for (const set of domain) if (settled(set) >= 0) used |= set
    const usedIds = new Set<number>()
    const indexOf = new Map<number, number>()
    for (let d = 0; d < devices; d++) {
      if (used & (1 << d)) usedIds.add(deviceIds[d])
      if (domain[op] & (1 << d)) indexOf.set(deviceIds[d], d)
    }
    return symmetry
      .representatives([...indexOf.keys()], (id) => usedIds.has(id))
      .map((id) => indexOf.get(id)!)
      .map((device) => ({ device, way: this.way(op, device) }))
      .sort((a, b) => a.way - b.way || a.device - b.device)
  }

  private complete(domain: Int32Array, bound: number): void {
    const { model, budget } = this
    const deviceOf = Int32Array.from(domain, (set) => model.deviceIds[settled(set)])
    const activities = activitiesOf(model.problem, deviceOf)
    const result = orderSearch(activities, this.limit, budget)
    if (!result.isComplete) this.leaveOpen(bound)
    if (!result.start) return
    const { order, schedule } = replayStarts(activities, result.start)
    if (this.accept(order, schedule)) return
    const shortest = result.isComplete ? result.ticks : bound
    this.fitMemory({ activities, bound: Math.max(bound, shortest) }, firstShare.nodes)
  }

  /** The shortest schedule of a placement passes a memory limit: other, longer ones may not. */
  private fitMemory(placement: Postponed, nodes: number): void {
    const share = this.budget.share(nodes)
    const isComplete = activeSearch(
      placement.activities,
      () => this.limit,
      share,
      (start) => {
        const active = replayStarts(placement.activities, start)
        this.accept(active.order, active.schedule)
      },
    )
    this.budget.used += share.used
    if (!isComplete) this.postponed.push(placement)
  }

  private accept(order: CommitOrder, schedule: Schedule): boolean {
    const { problem } = this.model
    const peakBytes = memoryPeaks(problem, schedule)
    if (peakBytes.some((bytes, d) => bytes > problem.memoryLimits[d])) return false
    if (schedule.makespan < this.limit) {
      this.limit = schedule.makespan
      this.best = { order, schedule, peakBytes }
    }
    return true
  }
}

function bitCount(set: number): number {
  let count = 0
  for (let rest = set; rest !== 0; rest &= rest - 1) count++
  return count
}
