import { randomStream } from '../improve/random.js'
import { type AnnealOptions, anneal, type Partition } from './anneal.js'
import { type LoadBound, workCapacity } from './bounds.js'
import { coarsen } from './coarsen.js'
import { contract, mergeSets } from './contract.js'
import type { LoadProblem } from './loadProblem.js'
import { largestLoad, partitionState, unitClasses } from './partitionState.js'

/** Plans kept, crossings tried and moves of one annealing; counted, so that results repeat on any machine. */
export interface FreeEffort {
  readonly population: number
  readonly crossings: number
  readonly moves: number
}

/** Blocks per unit that the coarse levels keep, and their starting temperatures. */
const levels = [
  { blocksPerUnit: 5, hot: 0.3 },
  { blocksPerUnit: 15, hot: 0.1 },
] as const
/** Most work of a merged block, in shares of a unit's even load; one after the other for the plans of the population. */
const shares = [0.35, 0.7, 0.15] as const

/**
 * Good plans without contiguity: a population annealed from coarse levels to fine, then crossed: where two plans agree on blocks that hang
 * together these become one block, and annealing goes on with what they disagree on. Stops at the bound.
 * Post: no worse than the start. Source of the crossing: Sanders and Schulz, "Distributed evolutionary graph partitioning", ALENEX 2012.
 */
export function freeSearch(loads: LoadProblem, start: Partition, bound: LoadBound, effort: FreeEffort): Partition {
  const { least } = workCapacity(loads)
  const even = least.reduce((sum, ticks) => sum + ticks, 0) / unitClasses(loads).length
  const { moves } = effort
  const population: Partition[] = []
  let best = start
  const isDone = () => best.load <= bound.ticks
  const keep = (plan: Partition): Partition => {
    if (plan.load < best.load) best = plan
    return plan
  }
  for (let seed = 0; seed < effort.population && !isDone(); seed++) {
    let plan = start
    for (const { blocksPerUnit, hot } of levels) {
      const target = blocksPerUnit * unitClasses(loads).length
      if (target >= loads.blockCount) continue
      const merging = coarsen(loads, least, target, shares[seed % shares.length] * even)
      plan = annealMerged(loads, plan, merging, { seed, moves, hot, cold: 1e-3 })
    }
    population.push(keep(anneal(loads, plan, { seed, moves, hot: 0.02, cold: 3e-4 })))
  }
  const random = randomStream(effort.population)
  for (let k = 0; k < effort.crossings && population.length > 1 && !isDone(); k++) {
    const i = Math.floor(random() * population.length)
    const j = (i + 1 + Math.floor(random() * (population.length - 1))) % population.length
    const [a, b] = [population[i], population[j]]
    const better = a.load < b.load ? a : b
    const merging = agreement(loads, a.unitOf, b.unitOf)
    const crossed = annealMerged(loads, better, merging, { seed: k, moves: moves / 1.5, hot: 0.1, cold: 1e-3 })
    const child = keep(anneal(loads, crossed, { seed: k, moves: moves / 1.5, hot: 0.01, cold: 3e-4 }))
    replaceWorst(population, child)
  }
  return best
}

/** Children must be new, so that the population does not become one plan. */
function replaceWorst(population: Partition[], child: Partition): void {
  const worst = population.reduce((at, { load }, i) => (load > population[at].load ? i : at), 0)
  if (child.load < population[worst].load && !population.some(({ load }) => load === child.load))
    population[worst] = child
}

interface Merging {
  readonly mergedOf: Int32Array
  readonly mergedCount: number
}

/** Anneals with blocks merged; each merged block starts where most of its blocks are. Keeps the plan if that ends in nothing legal. */
function annealMerged(loads: LoadProblem, plan: Partition, merging: Merging, options: AnnealOptions): Partition {
  const { mergedOf, mergedCount } = merging
  const merged = contract(loads, mergedOf, mergedCount)
  const unitCount = unitClasses(loads).length
  const votes = new Int32Array(mergedCount * unitCount)
  mergedOf.forEach((c, b) => {
    votes[c * unitCount + plan.unitOf[b]]++
  })
  const unitOf = Int32Array.from({ length: mergedCount }, (_, c) => {
    let most = 0
    for (let u = 1; u < unitCount; u++) if (votes[c * unitCount + u] > votes[c * unitCount + most]) most = u
    return most
  })
  const found = anneal(merged, { unitOf, load: largestLoad(partitionState(merged, unitOf)) }, options)
  return found.load === Number.POSITIVE_INFINITY
    ? plan
    : { unitOf: mergedOf.map((c) => found.unitOf[c]), load: found.load }
}

/** Blocks joined by nets within which both plans agree. */
function agreement({ blockCount, netStart, netBlock }: LoadProblem, a: Int32Array, b: Int32Array): Merging {
  const sets = mergeSets(blockCount)
  for (let e = 0; e + 1 < netStart.length; e++) {
    const firstOf = new Map<string, number>()
    for (let k = netStart[e]; k < netStart[e + 1]; k++) {
      const block = netBlock[k]
      const key = `${a[block]} ${b[block]}`
      const first = firstOf.get(key)
      if (first === undefined) firstOf.set(key, block)
      else sets.join(first, block)
    }
  }
  return sets.merged()
}
