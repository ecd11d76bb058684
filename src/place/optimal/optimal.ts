import type { SchedulingProblem } from '../../schedule/index.js'
import { certify } from '../bounds/certify.js'
import { mirrored, networkOf } from '../bounds/network.js'
import { twoWays } from '../bounds/twoWays.js'
import { placeEtf } from '../etf.js'
import { placeHeft } from '../heft.js'
import { improve } from '../improve/improve.js'
import { justified } from '../justified.js'
import type { Attempt } from '../placement.js'
import { placeTight } from '../tight.js'
import { placeTopo } from '../topo.js'
import { withinLimits } from '../withinLimits.js'
import { exactModel } from './exactModel.js'
import { PlacementSearch } from './placementSearch.js'
import { SearchBudget } from './searchBudget.js'

/** Nodes at effort 1: about a minute of one core for a dozen ops. */
const defaultNodes = 1_000_000
/** Larger graphs are not searched: a node takes time in proportion to ops x devices, and nothing would be proved. */
const mostOps = 128
/** Of the improvement that the search starts from: the search itself soon finds what is left. */
const incumbentEffort = 0.02

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
  const budget = new SearchBudget(Math.max(1, Math.round(effort * defaultNodes)))
  let best = 'placement' in first ? first.placement : undefined
  const limit = best ? best.schedule.makespan : Number.POSITIVE_INFINITY
  let boundTicks = certified.ticks
  const model = limit > boundTicks && problem.graph.ops.length <= mostOps ? modelOf(problem) : undefined
  if (model) {
    const search = new PlacementSearch(model, limit, budget)
    search.run()
    if (search.best) best = { placer: 'optimal', deviceOf: search.best.schedule.opDevice, ...search.best }
    boundTicks = Math.max(boundTicks, Math.min(search.openBound, search.limit))
  }
  if (!best) return first
  const argument = boundTicks > certified.ticks ? 'search' : certified.argument
  return { placement: { ...best, placer: 'optimal', bound: { ticks: boundTicks, argument, nodes: budget.used } } }
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

function modelOf(problem: SchedulingProblem) {
  const network = networkOf(problem)
  return exactModel(problem, twoWays(network, mirrored(network, problem), 1))
}
