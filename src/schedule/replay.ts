import type { SchedulingProblem } from './problem.js'
import type { CommitOrder, Schedule } from './schedule.js'
import { Scheduler } from './scheduler.js'

/**
 * Plays a placement in its commit order: the same order gives the same times, to the bit.
 * Pre: `deviceOf` and `order` passed `verifyOrder` (every op once, after its predecessors; every transfer after its producer and needed).
 */
export function replay(problem: SchedulingProblem, deviceOf: Int32Array, order: CommitOrder): Schedule {
  const scheduler = new Scheduler(problem)
  for (let k = 0; k < order.item.length; k++) {
    if (order.to[k] < 0) scheduler.commitOp(order.item[k], deviceOf[order.item[k]])
    else scheduler.commitTransfer(order.item[k], order.to[k])
  }
  return scheduler.result()
}
