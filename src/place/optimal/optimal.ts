import type { SchedulingProblem } from '../../schedule/index.js'
import { certify } from '../bounds/certify.js'
import { mirrored, networkOf } from '../bounds/network.js'
import { twoWays } from '../bounds/twoWays.js'
import { placeEtf } from '../etf.js'
import { placeHeft } from '../heft.js'
import { justified } from '../justified.js'
import type { Attempt, Placement } from '../placement.js'
import { placeTopo } from '../topo.js'
import { withinLimits } from '../withinLimits.js'
import { exactModel } from './exactModel.js'
import { PlacementSearch } from './placementSearch.js'
import { SearchBudget } from './searchBudget.js'

/** Nodes at effort 1: about a minute of one core for a dozen ops. */
const defaultNodes = 1_000_000
/** Larger graphs are not searched: a node takes time in proportion to ops x devices, and nothing would be proved. */
const mostOps = 128

export interface OptimalOptions {
  readonly effort?: number
  /** A plan to start from, besides those of the list placers. */
  readonly incumbent?: Placement
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
export function placeOptimal(problem: SchedulingProblem, { effort = 1, incumbent }: OptimalOptions = {}): Attempt {
  const attempts = [placeEtf(problem), placeHeft(problem), placeTopo(problem)].map((each) =>
    withinLimits(problem, each),
  )
  const found = attempts.flatMap((each) => ('placement' in each ? [justified(problem, each.placement)] : []))
  if (incumbent) found.push(incumbent)
  const [first] = found.sort((a, b) => a.schedule.makespan - b.schedule.makespan)
  const certified = certify(problem)
  const budget = new SearchBudget(Math.max(1, Math.round(effort * defaultNodes)))
  const limit = first ? first.schedule.makespan : Number.POSITIVE_INFINITY
  let boundTicks = certified.ticks
  let best: Placement | undefined = first
  const model = limit > boundTicks && problem.graph.ops.length <= mostOps ? modelOf(problem) : undefined
  if (model) {
    const search = new PlacementSearch(model, limit, budget)
    search.run()
    if (search.best) best = { placer: 'optimal', deviceOf: search.best.schedule.opDevice, ...search.best }
    boundTicks = Math.max(boundTicks, Math.min(search.openBound, search.limit))
  }
  if (!best) return attempts.find((each) => 'miss' in each)!
  const argument = boundTicks > certified.ticks ? 'search' : certified.argument
  return { placement: { ...best, placer: 'optimal', bound: { ticks: boundTicks, argument, nodes: budget.used } } }
}

function modelOf(problem: SchedulingProblem) {
  const network = networkOf(problem)
  return exactModel(problem, twoWays(network, mirrored(network, problem), 1))
}
