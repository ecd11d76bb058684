import { type Schedule, Scheduler, type SchedulingProblem } from '../../schedule/index.js'

/** Prefixes of the order whose state is kept: a trial starts from the last one before what it changes. */
const mostCheckpoints = 24

/**
 * A placement under local search: a map and an op order, and what a change of them would cost. The cost is the makespan plus a small charge for
 * traffic, which gives a slope where many maps have the same makespan. Trials replay the order from the last checkpoint before the change
 * and stop as soon as they cannot come below the threshold any more.
 */
export class MoveSearch {
  readonly deviceOf: Int32Array
  readonly order: Int32Array
  readonly positionOf: Int32Array
  cost = 0
  makespan = 0
  /** Ops committed by trials so far: the work of the search. */
  commits = 0
  private readonly trafficWeight: number
  private readonly interval: number
  private readonly checkpoints: Scheduler[] = []
  private readonly work: Scheduler

  constructor(
    problem: SchedulingProblem,
    deviceOf: Int32Array,
    order: Int32Array,
    /** Least ticks from an op's end to the end of the graph. */
    private readonly tail: Float64Array,
    trafficShare: number,
  ) {
    this.deviceOf = deviceOf.slice()
    this.order = order.slice()
    this.positionOf = new Int32Array(order.length)
    this.trafficWeight = (2 * trafficShare) / problem.deviceCount
    this.interval = Math.max(8, Math.ceil(order.length / mostCheckpoints))
    this.work = new Scheduler(problem)
    for (let k = 0; k < order.length; k += this.interval) this.checkpoints.push(new Scheduler(problem))
    this.settle(0)
  }

  /**
   * The cost of `deviceOf` and `order` as they stand, changed from position `from` on; Infinity once it must exceed the threshold.
   * Keep the change with `settle(from)`, or take it back.
   */
  trial(from: number, threshold: number): number {
    const { work, order, deviceOf, tail, interval } = this
    const checkpoint = Math.floor(from / interval)
    work.copyFrom(this.checkpoints[checkpoint])
    let makespan = 0
    for (let k = checkpoint * interval; k < order.length; k++) {
      const op = order[k]
      work.commitOp(op, deviceOf[op])
      this.commits++
      const end = work.opEnd[op] + tail[op]
      if (end <= makespan) continue
      makespan = end
      if (makespan + this.trafficWeight * work.copyTicks > threshold) return Number.POSITIVE_INFINITY
    }
    for (let k = 0; k < checkpoint * interval; k++) makespan = Math.max(makespan, work.opEnd[order[k]])
    return makespan + this.trafficWeight * work.copyTicks
  }

  /** The schedule of the last trial that was not cut short, or of the last `settle`. A view: valid until the next. */
  schedule(): Schedule {
    return this.work.result()
  }

  /** Makes the present map and order, changed from position `from` on, what later trials start from. */
  settle(from: number): void {
    const { work, order, deviceOf, interval, positionOf } = this
    const first = Math.floor(from / interval)
    work.copyFrom(this.checkpoints[first])
    for (let k = first * interval; k < order.length; k++) {
      if (k % interval === 0) this.checkpoints[k / interval].copyFrom(work)
      work.commitOp(order[k], deviceOf[order[k]])
      positionOf[order[k]] = k
    }
    this.makespan = 0
    for (const end of work.opEnd) if (end > this.makespan) this.makespan = end
    this.cost = this.makespan + this.trafficWeight * work.copyTicks
  }
}
