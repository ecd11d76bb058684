import type { SchedulingProblem } from '../../schedule/index.js'
import type { LowerBound } from '../bounds/certify.js'
import { mirrored, networkOf } from '../bounds/network.js'
import { twoWays } from '../bounds/twoWays.js'
import type { Placement } from '../placement.js'
import { exactModel } from './exactModel.js'
import { PlacementSearch } from './placementSearch.js'
import { SearchBudget } from './searchBudget.js'

/** Larger graphs are not searched: a node takes time in proportion to ops x devices, and nothing would be proved. */
const mostOps = 128

/**
 * Searches for plans shorter than the start, until none is left or the counted nodes run out. Returns the best with what is proved of every plan: its
 * own step time, or the least bound of what was left; nothing where there was no start and none was found.
 */
export function exactSearch(
  problem: SchedulingProblem,
  start: Placement | undefined,
  certified: LowerBound,
  nodes: number,
): Placement | undefined {
  const limit = start ? start.schedule.makespan : Number.POSITIVE_INFINITY
  const canSearch = limit > certified.ticks && problem.graph.ops.length <= mostOps
  const model = canSearch ? modelOf(problem) : undefined
  if (!model) return start && { ...start, bound: certified }
  const budget = new SearchBudget(Math.max(1, Math.round(nodes)))
  const search = new PlacementSearch(model, limit, budget)
  search.run()
  const best = search.best ? { placer: 'optimal', deviceOf: search.best.schedule.opDevice, ...search.best } : start
  const ticks = Math.max(certified.ticks, Math.min(search.openBound, search.limit))
  const argument = ticks > certified.ticks ? 'search' : certified.argument
  return best && { ...best, bound: { ticks, argument, nodes: budget.used } }
}

function modelOf(problem: SchedulingProblem) {
  const network = networkOf(problem)
  return exactModel(problem, twoWays(network, mirrored(network, problem), 1))
}
