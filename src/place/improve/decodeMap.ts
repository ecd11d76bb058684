import { completeOrder, memoryPeaks, opOrder, replay, type SchedulingProblem } from '../../schedule/index.js'
import { justified } from '../justified.js'
import { rankOrder } from '../orders.js'
import type { Placement } from '../placement.js'

/** The shortest justified schedule found for a map: committed by earliest start, and by upward rank with and without transfers. */
export function decodeMap(problem: SchedulingProblem, deviceOf: Int32Array, placer: string): Placement {
  const orders = [completeOrder(problem, deviceOf), rankOrder(problem, 1), rankOrder(problem, 0)]
  let best: Placement | undefined
  for (const ops of orders) {
    const order = opOrder(ops)
    const schedule = replay(problem, deviceOf, order)
    const peakBytes = memoryPeaks(problem, schedule)
    const placement = justified(problem, { placer, deviceOf, order, schedule, peakBytes })
    if (!best || placement.schedule.makespan < best.schedule.makespan) best = placement
  }
  return best!
}
