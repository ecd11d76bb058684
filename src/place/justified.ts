import { justify, memoryPeaks, type SchedulingProblem } from '../schedule/index.js'
import type { Placement } from './placement.js'

/** Rounds end when nothing is gained; gains beyond these were nil on every graph measured. */
const mostRounds = 6

/** A placement shifted late and early until that gains nothing more; rounds that would break a memory limit are not taken. Never longer. */
export function justified(problem: SchedulingProblem, placement: Placement): Placement {
  let best = placement
  for (let round = 0; round < mostRounds; round++) {
    const { order, schedule } = justify(problem, best.schedule)
    if (schedule.makespan >= best.schedule.makespan) break
    const peakBytes = memoryPeaks(problem, schedule)
    const fitted = best.peakBytes.every((bytes, d) => bytes <= problem.memoryLimits[d])
    if (fitted && peakBytes.some((bytes, d) => bytes > problem.memoryLimits[d])) break
    best = { ...best, order, schedule, peakBytes }
  }
  return best
}
