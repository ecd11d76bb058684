import type { SchedulingProblem } from '../../schedule/index.js'
import { certify } from '../bounds/certify.js'
import { placeEtf } from '../etf.js'
import { placeHeft } from '../heft.js'
import { improve } from '../improve/improve.js'
import { justified } from '../justified.js'
import type { Attempt } from '../placement.js'
import { placeTight } from '../tight.js'
import { placeTopo } from '../topo.js'
import { withinLimits } from '../withinLimits.js'
import { exactSearch } from './exactSearch.js'

/** Nodes at effort 1: about a minute of one core for a dozen ops. */
const defaultNodes = 1_000_000
/** Of the improvement that the search starts from: the search itself soon finds what is left. */
const incumbentEffort = 0.1

export interface OptimalOptions {
  /** Times the default number of nodes. */
  readonly effort?: number
}

/**
 * The shortest step over all placements and all commit orders of ops and transfers, under memory limits, colocation groups, unequal devices,
 * several hosts and every transfer mode, proved by branch and bound; or, when the counted nodes run out, the best found with the least
 * bound of what was left.
 *
 * For a regular objective some active schedule is optimal, and the core replays exactly the active ones (serial schedule generation; Sprecher,
 * Kolisch and Drexl, EJOR 1995). The core never delays a start for memory, so under binding limits the minimum is over the active
 * schedules that fit.
 */
export function placeOptimal(problem: SchedulingProblem, { effort = 1 }: OptimalOptions = {}): Attempt {
  const certified = certify(problem)
  const first = incumbent(problem, certified.ticks)
  const start = 'placement' in first ? first.placement : undefined
  const best = exactSearch(problem, start, certified, effort * defaultNodes)
  return best ? { placement: { ...best, placer: 'optimal' } } : first
}

/** A good plan to start from: what the list placers find, or the tight one where they find none, improved a little. */
function incumbent(problem: SchedulingProblem, boundTicks: number): Attempt {
  const attempts = [placeEtf, placeHeft, placeTopo].map((place) => withinLimits(problem, place(problem)))
  const found = attempts.flatMap((each) => ('placement' in each ? [each.placement] : []))
  if (found.length === 0) {
    const tight = withinLimits(problem, placeTight(problem))
    if ('miss' in tight) return tight
    found.push(tight.placement)
  }
  const [best] = found
    .map((placement) => justified(problem, placement))
    .sort((a, b) => a.schedule.makespan - b.schedule.makespan)
  return { placement: improve(problem, best, { effort: incumbentEffort, boundTicks }) }
}
