import type { SchedulingProblem } from '../schedule/index.js'
import { type InsertionOptions, insertionSchedule } from './insertionSchedule.js'
import { justified } from './justified.js'
import type { Attempt, NearestMiss, Placement } from './placement.js'

/** Ops placed over all tries, so that a large graph is not tried as often as a small one: counted work, never the clock. */
const opBudget = 300_000

/** Transfer penalties and rank weights worth trying, the broadest first. Dear communication wants a high penalty and fewer devices. */
const penalties = [0, 0.35, 1, 0.1, 2.5, 0.2, 0.5, 0.75]
const rankWeights = [0, 1, 0.5]

/**
 * The best of a sweep of insertion schedules (HEFT) over transfer penalty, rank and number of devices, each justified. What earliest-start placement
 * loses where communication is dear, this wins back: an op may wait for a better place.
 */
export function placeHeft(problem: SchedulingProblem): Attempt {
  let best: Placement | undefined
  let nearest: NearestMiss | undefined
  for (const options of sweep(problem)) {
    const attempt = insertionSchedule(problem, options)
    if ('miss' in attempt) {
      if (!nearest || attempt.miss.placedOps > nearest.placedOps) nearest = attempt.miss
      continue
    }
    const placement = justified(problem, attempt.placement)
    if (!best || placement.schedule.makespan < best.schedule.makespan) best = placement
  }
  return best ? { placement: best } : { miss: nearest! }
}

function sweep(problem: SchedulingProblem): InsertionOptions[] {
  const { deviceCount } = problem
  const half = deviceCount >> 1
  const all: InsertionOptions[] = []
  for (const rankTransferWeight of rankWeights)
    for (const transferPenalty of penalties) {
      all.push({ rankTransferWeight, transferPenalty, devices: deviceCount })
      if (half > 0 && transferPenalty >= 0.5) all.push({ rankTransferWeight, transferPenalty, devices: half })
    }
  return all.slice(0, Math.max(2, Math.floor(opBudget / problem.graph.ops.length)))
}
