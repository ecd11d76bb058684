import {
  completeOrder,
  memoryPeaks,
  opOrder,
  replay,
  type SchedulingProblem,
  upwardRanks,
} from '../../schedule/index.js'
import { justified } from '../justified.js'
import { listSchedule } from '../listSchedule.js'
import { needsMemoryFilter } from '../memoryFilter.js'
import { rankOrder } from '../orders.js'
import type { Placement } from '../placement.js'
import { withinLimits } from '../withinLimits.js'

/**
 * The shortest justified schedule found for a map, within the limits if one is: committed by earliest start, and by upward rank with and without
 * transfers; where memory may bind also by list scheduling that keeps account of it, in ranks that go deep or wide.
 */
export function decodeMap(problem: SchedulingProblem, deviceOf: Int32Array, placer: string): Placement {
  const orders = [completeOrder(problem, deviceOf), rankOrder(problem, 1), rankOrder(problem, 0)]
  const found: Placement[] = orders.map((ops) => {
    const order = opOrder(ops)
    const schedule = replay(problem, deviceOf, order)
    return justified(problem, { placer, deviceOf, order, schedule, peakBytes: memoryPeaks(problem, schedule) })
  })
  if (needsMemoryFilter(problem)) found.push(...withAccount(problem, deviceOf, placer))
  const legal = found.filter((placement) => 'placement' in withinLimits(problem, { placement }))
  return (legal.length > 0 ? legal : found).reduce((best, other) =>
    other.schedule.makespan < best.schedule.makespan ? other : best,
  )
}

function withAccount(problem: SchedulingProblem, fixedDevice: Int32Array, placer: string): Placement[] {
  const up = upwardRanks(problem, 1)
  return [up, up.map((ticks) => -ticks)].flatMap((rank) => {
    const attempt = listSchedule(problem, { placer, rank, fixedDevice })
    return 'placement' in attempt ? [justified(problem, attempt.placement)] : []
  })
}
