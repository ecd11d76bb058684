import { fail } from '../errors/index.js'
import type { SchedulingProblem } from '../schedule/index.js'
import { checkFeasible } from './checkFeasible.js'
import { placeCoarse } from './coarse.js'
import { placeEtf } from './etf.js'
import { explainMisses } from './explainMisses.js'
import { placeHeft } from './heft.js'
import { justified } from './justified.js'
import { certify, type LowerBound } from './lowerBound.js'
import { placeOptimal } from './optimal/optimal.js'
import { settle, settleFromNothing } from './optimal/settle.js'
import type { Attempt, NearestMiss, Placement } from './placement.js'
import { placeSct } from './sct.js'
import type { SctSolver } from './sctRelaxation.js'
import { placeTight } from './tight.js'
import { placeTopo } from './topo.js'
import { withinLimits } from './withinLimits.js'

export interface PlaceOptions {
  readonly placer: PlacerName | 'auto'
  readonly lpSolver: SctSolver
  /** Work of the improvement phase of `auto`: 0 none, 1 the default, more in proportion. Counted, never timed. */
  readonly effort: number
  /** Whether the step is bounded from below, which can take as long as a placer; `auto` and `optimal` always need it. Default `certified`. */
  readonly bound?: 'certified' | 'none'
}

/** Every placer, in the order that breaks ties of step time. A new one is a file and a line here. */
export const placers = {
  etf: (problem) => placeEtf(problem),
  sct: (problem, options) => placeSct(problem, options.lpSolver),
  heft: (problem) => placeHeft(problem),
  topo: (problem) => placeTopo(problem),
  optimal: (problem, options) => placeOptimal(problem, options),
} satisfies Record<string, (problem: SchedulingProblem, options: PlaceOptions) => Attempt | Promise<Attempt>>

export type PlacerName = keyof typeof placers

/** Those that `auto` starts from; the exact search follows them where the graph is small (`settle`). */
const portfolio: readonly PlacerName[] = ['etf', 'sct', 'heft', 'topo']

export interface PlacementPlan {
  readonly placement: Placement
  readonly bound: LowerBound
  /** The other placers' results, best first, and those that found none. */
  readonly others: readonly Placement[]
  readonly misses: readonly NearestMiss[]
}

/**
 * The passes of operator placement: check that a plan can exist, bound the step from below, run the wanted placers, hold each result against the memory
 * limits by the exact account; with `auto` justify each, keep the best, try the model's blocks from coarse to fine, improve the best and, where the graph is small, prove it or find the optimum.
 *
 * Post: every op has a device, groups are whole, no device ever holds more than its limit.
 * Throws E302, E303, E301 when arithmetic proves that no plan exists or no placer finds one; the nearest miss stands in the error.
 */
export async function planPlacement(problem: SchedulingProblem, options: PlaceOptions): Promise<PlacementPlan> {
  if (problem.graph.ops.length === 0)
    fail('E206', 'there is nothing to place', { where: problem.graph.name, fix: 'give a graph that has ops' })
  checkFeasible(problem)
  const isBounded = options.bound !== 'none' || options.placer === 'auto' || options.placer === 'optimal'
  const bound = isBounded ? certify(problem) : unbounded
  const { found, misses } = await runPlacers(problem, options)
  if (found.length === 0) found.push(lastResort(problem, options, bound, misses))
  if (options.placer !== 'auto')
    return { placement: found[0], bound: stronger(bound, found[0].bound), others: [], misses }

  const [best, ...others] = found
    .map((placement) => justified(problem, placement))
    .sort((a, b) => a.schedule.makespan - b.schedule.makespan)
  const coarse = placeCoarse(problem, best, { effort: options.effort, boundTicks: bound.ticks })
  const placement = settle(problem, coarse, bound, options.effort)
  return {
    placement,
    bound: stronger(bound, placement.bound),
    others: placement.schedule === best.schedule ? others : [best, ...others],
    misses,
  }
}

const unbounded: LowerBound = { ticks: 0, argument: 'nothing' }

function stronger(bound: LowerBound, proved: LowerBound | undefined): LowerBound {
  return proved && proved.ticks >= bound.ticks ? proved : bound
}

/** What `auto` tries when every placer fell short; throws when that does too, and for a single placer. */
function lastResort(
  problem: SchedulingProblem,
  options: PlaceOptions,
  bound: LowerBound,
  misses: NearestMiss[],
): Placement {
  if (options.placer !== 'auto') return explainMisses(problem, misses)
  const attempt = placeTight(problem)
  if ('placement' in attempt) return attempt.placement
  return settleFromNothing(problem, bound, options.effort) ?? explainMisses(problem, [...misses, attempt.miss])
}

async function runPlacers(
  problem: SchedulingProblem,
  options: PlaceOptions,
): Promise<{ found: Placement[]; misses: NearestMiss[] }> {
  const wanted = options.placer === 'auto' ? portfolio : [options.placer]
  const found: Placement[] = []
  const misses: NearestMiss[] = []
  for (const name of wanted) {
    const attempt = withinLimits(problem, await placers[name](problem, options))
    if ('placement' in attempt) found.push(attempt.placement)
    else misses.push(attempt.miss)
  }
  return { found, misses }
}
