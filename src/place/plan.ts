import { fail } from '../errors/index.js'
import type { SchedulingProblem } from '../schedule/index.js'
import { checkFeasible } from './checkFeasible.js'
import { placeEtf } from './etf.js'
import { explainMisses } from './explainMisses.js'
import { placeHeft } from './heft.js'
import { justified } from './justified.js'
import { certify, type LowerBound } from './lowerBound.js'
import type { Attempt, NearestMiss, Placement } from './placement.js'
import { placeSct } from './sct.js'
import type { SctSolver } from './sctRelaxation.js'
import { placeTopo } from './topo.js'
import { withinLimits } from './withinLimits.js'

export interface PlaceOptions {
  readonly placer: PlacerName | 'auto'
  readonly lpSolver: SctSolver
}

/** Every placer, in the order that breaks ties of step time. A new one is a file and a line here. */
export const placers = {
  etf: (problem) => placeEtf(problem),
  sct: (problem, options) => placeSct(problem, options.lpSolver),
  heft: (problem) => placeHeft(problem),
  topo: (problem) => placeTopo(problem),
} satisfies Record<string, (problem: SchedulingProblem, options: PlaceOptions) => Attempt | Promise<Attempt>>

export type PlacerName = keyof typeof placers

export interface PlacementPlan {
  readonly placement: Placement
  readonly bound: LowerBound
  /** The other placers' results, best first, and those that found none. */
  readonly others: readonly Placement[]
  readonly misses: readonly NearestMiss[]
}

/**
 * The passes of operator placement: check that a plan can exist, run the wanted placers, hold each result against the memory limits by the
 * exact account, justify (`auto` only), keep the best, certify it with a lower bound.
 *
 * Post: every op has a device, groups are whole, no device ever holds more than its limit.
 * Throws E302, E303, E301 when arithmetic proves that no plan exists or no placer finds one; the nearest miss stands in the error.
 */
export async function planPlacement(problem: SchedulingProblem, options: PlaceOptions): Promise<PlacementPlan> {
  if (problem.graph.ops.length === 0)
    fail('E206', 'there is nothing to place', { where: problem.graph.name, fix: 'give a graph that has ops' })
  checkFeasible(problem)
  const isPortfolio = options.placer === 'auto'
  const wanted = isPortfolio ? (Object.keys(placers) as PlacerName[]) : [options.placer]
  const attempts: Attempt[] = []
  for (const name of wanted) {
    const attempt = withinLimits(problem, await placers[name](problem, options))
    attempts.push(
      isPortfolio && 'placement' in attempt ? { placement: justified(problem, attempt.placement) } : attempt,
    )
  }

  const found = attempts.flatMap((attempt) => ('placement' in attempt ? [attempt.placement] : []))
  const misses = attempts.flatMap((attempt) => ('miss' in attempt ? [attempt.miss] : []))
  if (found.length === 0) explainMisses(problem, misses)
  const [placement, ...others] = found.sort((a, b) => a.schedule.makespan - b.schedule.makespan)
  return { placement, bound: certify(problem), others, misses }
}
