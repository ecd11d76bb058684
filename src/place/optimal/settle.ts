import type { SchedulingProblem } from '../../schedule/index.js'
import type { LowerBound } from '../bounds/certify.js'
import { improve } from '../improve/improve.js'
import type { Placement } from '../placement.js'
import { exactSearch } from './exactSearch.js'

/** Work of the exact search at effort 1: nodes x ops^2 x devices, which is what a node costs. Some two seconds. */
const exactWork = 60_000_000
/** Graphs that allow fewer nodes than this (from some 40 ops on) are not searched: nothing would be proved. */
const leastNodes = 10_000
/** Of the improvement before the exact search, which soon finds what is left. */
const firstEffort = 0.1

/**
 * The end of `auto`: improvement; and, where the counted work allows enough nodes, exact search from what a little improvement finds. Its plan is the
 * optimum when it ends; otherwise improvement goes on from its best, under the bound that it proved.
 */
export function settle(problem: SchedulingProblem, start: Placement, bound: LowerBound, effort: number): Placement {
  if (effort <= 0 || nodesFor(problem) < leastNodes) return improve(problem, start, { effort, boundTicks: bound.ticks })
  const improved = improve(problem, start, { effort: effort * firstEffort, boundTicks: bound.ticks })
  const searched = exactSearch(problem, improved, bound, effort * nodesFor(problem))!
  const proved = searched.bound!
  if (proved.ticks >= searched.schedule.makespan) return searched
  return { ...improve(problem, searched, { effort, boundTicks: proved.ticks }), bound: proved }
}

/** For a graph on which every placer fell short: any plan that exact search finds, then settled. */
export function settleFromNothing(
  problem: SchedulingProblem,
  bound: LowerBound,
  effort: number,
): Placement | undefined {
  if (nodesFor(problem) < leastNodes) return undefined
  return exactSearch(problem, undefined, bound, Math.max(1, effort) * nodesFor(problem))
}

function nodesFor({ graph, deviceCount }: SchedulingProblem): number {
  return exactWork / (graph.ops.length ** 2 * deviceCount)
}
