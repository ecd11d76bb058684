import type { SchedulingProblem } from '../../schedule/index.js'
import type { Partition } from './anneal.js'
import type { LoadBound } from './bounds.js'
import { contiguousSearch, partition, type StagePlan, stagePlan, unitsWithin, widenCuts } from './contiguousSearch.js'
import { contract } from './contract.js'
import { idealLattice } from './idealLattice.js'
import type { LoadProblem } from './loadProblem.js'
import { type PipelineOrder, pipelineOrder } from './pipelineOrder.js'

export interface ContiguousPlan {
  /** Absent: none was found. */
  readonly plan?: Partition
  readonly bound: LoadBound
  readonly isProved: boolean
  readonly method: string
  /** Ops that colocation groups tie to one device, in the largest such circle. */
  readonly tiedOps: number
}

const mostIdeals = 150_000
const mostWork = 12_000_000
/** Ideals times states of the programme: 18 bytes each. */
const mostEntries = 20_000_000

/**
 * The best contiguous plan: a good one from total orders, then the dynamic programme over all ideals for anything better, which proves
 * the optimum. Where the ideals are too many (or the programme too long) only those near the plan's cuts are tried, and the bound is the general one.
 */
export function contiguousPlan(
  problem: SchedulingProblem,
  loads: LoadProblem,
  blockOf: Int32Array,
  least: LoadBound,
  effort: number,
): ContiguousPlan {
  const order = pipelineOrder(problem.graph, blockOf, loads.blockCount, false)
  return { ...search(problem, loads, blockOf, order, least, Math.max(1, effort)), tiedOps: largestTie(blockOf, order) }
}

function search(
  problem: SchedulingProblem,
  loads: LoadProblem,
  blockOf: Int32Array,
  order: PipelineOrder,
  least: LoadBound,
  scale: number,
): Omit<ContiguousPlan, 'tiedOps'> {
  // Heuristics know no check of backward ops: where one is needed they take an order that makes it needless.
  const strict = order.keepsBackwardTogether ? pipelineOrder(problem.graph, blockOf, loads.blockCount, true) : order
  const merged = contract(loads, order.componentOf, order.count)
  const strictLoads = strict === order ? merged : contract(loads, strict.componentOf, strict.count)
  const fitting = Math.floor(mostEntries / unitsWithin(merged).stateCount)
  const idealLimit = Math.min(fitting, Math.round(mostIdeals * scale))
  const lattice = idealLattice(order, idealLimit)
  const budget = {
    orders: lattice ? 16 : 48,
    mostIdeals: Math.min(fitting, 20_000),
    mostWork: (mostWork * scale) / 6,
  }
  const searched = contiguousSearch(strictLoads, strict, budget)
  const first = searched && { ...searched, stageOf: unmerged(searched.stageOf, strict) }
  if (first && first.load <= least.ticks)
    return { plan: unitsOf(loads, first), bound: least, isProved: true, method: 'partition of total orders' }
  const limit = first?.load ?? Number.POSITIVE_INFINITY
  const exact = lattice && partition(merged, lattice, limit, mostWork * scale, order.keepsBackwardTogether)
  const found = lattice && exact?.chunks && stagePlan(exact, lattice, order.componentOf)
  if (lattice && exact?.isProved) {
    const plan = found ?? first
    return {
      ...(plan && { plan: unitsOf(loads, plan) }),
      bound: plan ? { ticks: plan.load, argument: 'exhaustion' } : least,
      isProved: true,
      method: `dynamic programme over all ${lattice.count} ideals`,
    }
  }
  const widened = searched && widenCuts(strictLoads, strict, searched, budget)
  const plans = [found, widened && { ...widened, stageOf: unmerged(widened.stageOf, strict) }].filter((each) => !!each)
  const plan = plans.sort((a, b) => a.load - b.load)[0]
  const count = lattice ? `${lattice.count} ideals, too many chunks` : `more than ${idealLimit} ideals`
  return {
    ...(plan && { plan: unitsOf(loads, plan) }),
    bound: least,
    isProved: false,
    method: `total orders and the ideals near their cuts (${count} for the whole)`,
  }
}

function largestTie(blockOf: Int32Array, { componentOf, count }: PipelineOrder): number {
  const ops = new Int32Array(count)
  for (const block of blockOf) ops[componentOf[block]]++
  return ops.reduce((most, each) => Math.max(most, each), 0)
}

/** Stages of blocks from stages of their components. */
function unmerged(stageOf: Int32Array, { componentOf }: PipelineOrder): Int32Array {
  return componentOf.map((c) => stageOf[c])
}

/** Stages of a class take its units in turn. */
function unitsOf({ classes }: LoadProblem, { stageOf, classOf, load }: StagePlan): Partition {
  const next: number[] = []
  let first = 0
  for (const { units } of classes) {
    next.push(first)
    first += units
  }
  const unitOfStage = classOf.map((k) => next[k]++)
  return { unitOf: stageOf.map((stage) => unitOfStage[stage]), load }
}
