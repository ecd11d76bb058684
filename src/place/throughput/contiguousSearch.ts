import { randomStream } from '../improve/random.js'
import { type ChainPartition, chainPartition } from './chainPartition.js'
import { arrowsOf, reversed } from './components.js'
import { contract } from './contract.js'
import { type IdealLattice, idealLattice, prefixLattice } from './idealLattice.js'
import { linearOrder } from './linearOrder.js'
import { loadCosts } from './loadCosts.js'
import type { LoadProblem } from './loadProblem.js'
import type { PipelineOrder } from './pipelineOrder.js'

/** A contiguous plan of components: stages in pipeline order, each on a device of a class. */
export interface StagePlan {
  readonly stageOf: Int32Array
  readonly classOf: readonly number[]
  readonly load: number
}

/** What may be spent; counted in chunks looked at, so that results repeat on any machine. */
export interface ContiguousEffort {
  readonly orders: number
  readonly mostIdeals: number
  readonly mostWork: number
}

/** A total order longer than this is cut into so many runs of equal work before it is partitioned. */
const longestSequence = 1200

/**
 * Good contiguous plans by partitioning total orders: greedy and random ones, then random ones around the best plan so far.
 * Undefined when none fits.
 */
export function contiguousSearch(
  loads: LoadProblem,
  order: PipelineOrder,
  effort: ContiguousEffort,
): StagePlan | undefined {
  const random = randomStream(1)
  let best: StagePlan | undefined
  let work = 0
  for (let trial = 0; trial < effort.orders && (trial < 2 || work < effort.mostWork); trial++) {
    const isAround = best !== undefined && trial >= 4 && trial % 4 !== 0
    const sequence = linearOrder(loads, order, {
      random,
      greed: trial === 0 ? 1 : trial === 1 ? 0 : random(),
      ...(isAround && { stageOf: best!.stageOf }),
    })
    const { mergedOf, mergedCount } = equalRuns(loads, sequence)
    const lattice = prefixLattice(Int32Array.from({ length: mergedCount }, (_, i) => i))
    const limit = best?.load ?? Number.POSITIVE_INFINITY
    const found = partition(contract(loads, mergedOf, mergedCount), lattice, limit, Number.POSITIVE_INFINITY)
    work += found.work
    if (found.chunks) best = stagePlan(found, lattice, mergedOf)
  }
  return best
}

/**
 * Improves a plan by the exact programme over the ideals near its cuts: the middle of each stage becomes one component, ever less of it,
 * until there are too many ideals.
 */
export function widenCuts(
  loads: LoadProblem,
  order: PipelineOrder,
  plan: StagePlan,
  effort: ContiguousEffort,
): StagePlan {
  let best = plan
  let work = 0
  for (let share = 1 / 32; share <= 1 && work < effort.mostWork; share *= 2) {
    const sequence = linearOrder(loads, order, { random: () => 0, greed: 1, stageOf: best.stageOf })
    const { mergedOf, mergedCount } = mergedMiddles(loads, sequence, best.stageOf, share / 2)
    const lattice = idealLattice(mergedOrder(order, mergedOf, mergedCount), effort.mostIdeals)
    if (!lattice) break
    const found = partition(contract(loads, mergedOf, mergedCount), lattice, best.load, effort.mostWork - work)
    work += found.work
    if (found.chunks) best = stagePlan(found, lattice, mergedOf)
  }
  return best
}

/** The dynamic programme on a lattice whose components are the blocks of `loads`; unproved where it had to leave devices out. */
export function partition(
  loads: LoadProblem,
  lattice: IdealLattice,
  limit: number,
  mostWork: number,
  isTogether?: PipelineOrder['keepsBackwardTogether'],
): ChainPartition {
  const { units, isWhole } = unitsWithin(loads)
  const found = chainPartition(lattice, units, loadCosts(loads, lattice, isTogether), limit, mostWork)
  return { ...found, isProved: found.isProved && isWhole }
}

/** The programme has a state for each way to use up the classes; beyond so many, devices of the largest classes are left out. */
const mostStates = 5000

/** Units of each class that the programme may use. */
export function unitsWithin({ classes, blockCount }: LoadProblem) {
  const units = classes.map((each) => Math.min(each.units, blockCount))
  const states = () => units.reduce((product, count) => product * (count + 1), 1)
  const isWhole = states() <= mostStates
  while (states() > mostStates) {
    const largest = units.indexOf(Math.max(...units))
    units[largest] = Math.floor(units[largest] * 0.9)
  }
  return { units, isWhole, stateCount: states() }
}

/** The chain as stages of the components that were merged into the lattice's. */
export function stagePlan(
  { chunks = [], load }: ChainPartition,
  { parent, last, componentCount }: IdealLattice,
  mergedOf: Int32Array,
): StagePlan {
  const stageOf = new Int32Array(componentCount)
  // From the last chunk down: what a smaller ideal holds belongs to an earlier stage.
  for (let stage = chunks.length - 1; stage >= 0; stage--)
    for (let at = chunks[stage].to; at > 0; at = parent[at]) stageOf[last[at]] = stage
  return { stageOf: mergedOf.map((c) => stageOf[c]), classOf: chunks.map(({ option }) => option), load }
}

interface Merging {
  readonly mergedOf: Int32Array
  readonly mergedCount: number
}

function equalRuns(loads: LoadProblem, sequence: Int32Array): Merging {
  const mergedOf = new Int32Array(sequence.length)
  const work = leastWork(loads)
  const each = work.reduce((sum, ticks) => sum + ticks, 0) / longestSequence
  let run = -1
  let inRun = Number.POSITIVE_INFINITY
  for (const c of sequence) {
    if (sequence.length <= longestSequence || inRun + work[c] > each) {
      run++
      inRun = 0
    }
    inRun += work[c]
    mergedOf[c] = run
  }
  return { mergedOf, mergedCount: run + 1 }
}

/** Components further than `share` of their stage's work from both of its ends are merged. */
function mergedMiddles(loads: LoadProblem, sequence: Int32Array, stageOf: Int32Array, share: number): Merging {
  const work = leastWork(loads)
  const total = new Float64Array(sequence.length)
  for (const c of sequence) total[stageOf[c]] += work[c]
  const done = new Float64Array(sequence.length)
  const mergedOf = new Int32Array(sequence.length)
  let run = -1
  let middleOf = -1
  for (const c of sequence) {
    const stage = stageOf[c]
    const before = done[stage]
    done[stage] += work[c]
    const isMiddle = before > share * total[stage] && done[stage] < (1 - share) * total[stage]
    if (!isMiddle || middleOf !== stage) run++
    middleOf = isMiddle ? stage : -1
    mergedOf[c] = run
  }
  return { mergedOf, mergedCount: run + 1 }
}

function leastWork({ blockCount, work }: LoadProblem): Float64Array {
  return Float64Array.from({ length: blockCount }, (_, b) => Math.min(...work.map((column) => column[b])))
}

/** The order of merged components; the merged ones stood side by side in a total order, so no circle comes of it. */
function mergedOrder({ successors, count }: PipelineOrder, mergedOf: Int32Array, mergedCount: number): PipelineOrder {
  const from: number[] = []
  const to: number[] = []
  for (let c = 0; c < count; c++)
    for (let k = successors.start[c]; k < successors.start[c + 1]; k++) {
      from.push(mergedOf[c])
      to.push(mergedOf[successors.to[k]])
    }
  const merged = arrowsOf(mergedCount, from, to)
  return {
    componentOf: mergedOf,
    count: mergedCount,
    successors: merged,
    predecessors: reversed(mergedCount, merged),
  }
}
