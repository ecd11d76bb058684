import { fail } from '../../errors/index.js'
import type { SchedulingProblem } from '../../schedule/index.js'
import type { Partition } from './anneal.js'
import { type LoadBound, loadBound } from './bounds.js'
import { checkLoads } from './checkLoads.js'
import { contiguousPlan } from './contiguousPlan.js'
import { deviceMap } from './deviceMap.js'
import { exhaustive } from './exhaustive.js'
import { firstFit } from './firstFit.js'
import { freeSearch } from './freeSearch.js'
import { loadProblem } from './loadProblem.js'
import { type MeasuredLoads, measureLoads } from './measureLoads.js'

export interface ThroughputOptions {
  readonly isContiguous: boolean
  /** Does an op hold its outputs besides its parameters and temporaries? */
  readonly countsOutputs: boolean
  /** Work of the search, in proportion: 1 is the default. Counted, never timed. */
  readonly effort: number
}

export interface ThroughputPlan extends MeasuredLoads {
  readonly deviceOf: Int32Array
  readonly bound: LoadBound
  /** What was done, for people: how many ideals, which search. */
  readonly method: string
  /** Ops that contiguity ties to one device, in the largest circle through colocation groups. */
  readonly tiedOps: number
}

/** Blocks above which the exhaustive search is not tried. */
const mostExhaustiveBlocks = 64
const exhaustiveNodes = 400_000

/**
 * The passes of `--objective throughput`: check that a plan can exist, bound the largest load from below, find the best contiguous plan
 * (exactly, unless the graph has too many ideals), then without contiguity search on from there and try to prove the end.
 *
 * Post: every op has a device, groups are whole, no device holds more than its limit; with `isContiguous`, no path leaves a device and comes back,
 * forward and backward ops apart. Throws E302, E303, E301.
 */
export function planThroughput(problem: SchedulingProblem, options: ThroughputOptions): ThroughputPlan {
  const { isContiguous, countsOutputs, effort } = options
  if (problem.graph.ops.length === 0) fail('E206', 'there is nothing to place', { where: problem.graph.name })
  const { loads, blockOf } = loadProblem(problem, { countsOutputs })
  checkLoads(problem, loads, blockOf)
  const least = loadBound(loads)
  const contiguous = contiguousPlan(problem, loads, blockOf, least, effort)
  let { bound, method } = contiguous
  let plan: Partition | undefined = contiguous.plan
  if (!isContiguous) {
    const start = plan ?? firstFit(loads)
    const searched = freeSearch(loads, start, least, {
      population: 12,
      crossings: Math.round(40 * Math.sqrt(effort)),
      moves: Math.round(30_000 * Math.sqrt(effort)),
    })
    const proof =
      searched.load > least.ticks && loads.blockCount <= mostExhaustiveBlocks
        ? exhaustive(loads, searched.load, exhaustiveNodes * effort)
        : { isProved: false }
    const found = proof.better ?? searched
    plan = found.load < Number.POSITIVE_INFINITY ? found : undefined
    bound = proof.isProved ? { ticks: found.load, argument: 'exhaustion' } : least
    method = 'annealed partition'
  }
  if (!plan)
    fail('E301', `no ${isContiguous ? 'contiguous ' : ''}plan was found within the memory limits`, {
      where: `cluster ${problem.cluster.name}`,
      ...(contiguous.isProved && isContiguous && { found: 'all ideals of the graph were looked at: there is none' }),
      fix: isContiguous ? 'try --no-contiguous, or raise the limit' : 'raise the limit, or add a device',
    })
  const deviceOf = deviceMap(problem, loads, blockOf, plan.unitOf)
  const measured = measureLoads(problem, deviceOf, countsOutputs)
  return { ...measured, deviceOf, bound, method, tiedOps: contiguous.tiedOps }
}
