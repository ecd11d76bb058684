import {
  meanOpTicks,
  meanTransferTicks,
  memoryPeaks,
  opOrder,
  replay,
  type SchedulingProblem,
} from '../../schedule/index.js'
import { justified } from '../justified.js'
import { needsMemoryFilter } from '../memoryFilter.js'
import { startOrder } from '../orders.js'
import type { Placement } from '../placement.js'
import { withinLimits } from '../withinLimits.js'
import { annealMoves } from './annealMoves.js'
import { decodeMap } from './decodeMap.js'
import { partitionSeed } from './partitionSeed.js'
import { movableUnits, type Units, unitKeptBytes } from './units.js'

export interface ImproveOptions {
  /** 1 is a few seconds at 1,000 ops; work grows in proportion. 0: nothing. */
  readonly effort: number
  /** No schedule is shorter: the search ends when it is all but reached. */
  readonly boundTicks: number
}

/** Work at effort 1, counted, so that results never depend on the machine. */
const partitionMoves = 8_000_000
const annealCommits = 12_000_000
/** Fewer moves leave the loads unsettled, more gain less than another start. */
const movesPerOp = 1000
const mostRestarts = 16
/** More trials of one round than this per op are repetitions: a small graph is searched through sooner. */
const mostTrialsPerOp = 400
/** Start temperatures of the rounds in turn, as shares of the makespan at 1,000 ops; on smaller graphs a move changes more. */
const heats = [4e-4, 1e-4]
const heatOps = 1000
/** Fewer trials than this per op find nothing. */
const leastTrialsPerOp = 4
/** An op with more inputs and outputs costs more to try: beyond this many edges per op the work allowed buys less. */
const usualEdgesPerOp = 3
/** Of the memory that nothing keeps to the end, what a map may fill unevenly. */
const spareShare = 0.4
/** Closer to the bound than this is not worth searching. */
const closeEnough = 1e-3

/**
 * The improvement phase of `auto`: maps that balance load and traffic, where transfers are dear; then local search on the real schedule, where the graph
 * is small enough for the work allowed. Takes nothing that is longer or passes a memory limit.
 */
export function improve(problem: SchedulingProblem, placement: Placement, options: ImproveOptions): Placement {
  const target = { effort: options.effort, enoughTicks: options.boundTicks * (1 + closeEnough) }
  if (options.effort <= 0 || problem.deviceCount < 2) return placement
  const units = movableUnits(problem)
  const seeded = transfersMatter(problem, placement) ? bestPartition(problem, units, placement, target) : placement
  return annealed(problem, units, seeded, target)
}

interface Target {
  readonly effort: number
  /** Nothing shorter is sought. */
  readonly enoughTicks: number
}

/** Mean transfer at least half the mean op, or an endpoint busy for over 60 % of the step. */
function transfersMatter(problem: SchedulingProblem, { schedule }: Placement): boolean {
  const mean = (values: Float64Array) => values.reduce((sum, value) => sum + value, 0) / Math.max(1, values.length)
  if (mean(meanTransferTicks(problem)) >= 0.5 * mean(meanOpTicks(problem))) return true
  const busy = new Float64Array(problem.deviceCount)
  for (let c = 0; c < schedule.copyTo.length; c++) {
    const ticks = schedule.copyEnd[c] - schedule.copyStart[c]
    busy[schedule.copyTo[c]] += ticks
    busy[schedule.opDevice[problem.graph.tensorProducer[schedule.copyTensor[c]]]] += ticks
  }
  return busy.some((ticks) => ticks > 0.6 * schedule.makespan)
}

/** Starting points differ in windows, weights and devices: no one setting is best for all graphs. */
function bestPartition(
  problem: SchedulingProblem,
  units: Units,
  start: Placement,
  { effort, enoughTicks }: Target,
): Placement {
  const ops = problem.graph.ops.length
  const moves = movesPerOp * ops
  const restarts = Math.floor(effort * Math.min(mostRestarts, partitionMoves / density(problem) / moves))
  let best = start
  const keptQuotas = needsMemoryFilter(problem) ? quotas(problem, units, start) : undefined
  for (let seed = 0; seed < restarts && best.schedule.makespan > enoughTicks; seed++) {
    const deviceOf = partitionSeed(problem, units, start.deviceOf, {
      seed: seed + 1,
      moves,
      devices: seed % 6 === 5 ? Math.max(2, problem.deviceCount >> 1) : problem.deviceCount,
      windows: [8, 12, 6][seed % 3],
      window: [3, 10][seed % 2],
      transfer: [0.2, 0.5, 1][(seed >> 1) % 3],
      keptQuotas,
    })
    best = shorter(problem, best, decodeMap(problem, deviceOf, 'partition'))
  }
  return best
}

/** Bytes that a device may keep to the end in a map: what leaves room for what comes and goes, or what it keeps at the start. */
function quotas(problem: SchedulingProblem, units: Units, { deviceOf }: Placement): Float64Array {
  const { memoryLimits } = problem
  const ofUnit = unitKeptBytes(problem, units)
  const kept = new Float64Array(problem.deviceCount)
  ofUnit.forEach((bytes, u) => {
    if (units.start[u] < units.start[u + 1]) kept[deviceOf[units.ops[units.start[u]]]] += bytes
  })
  const sum = (values: Float64Array) => values.reduce((total, value) => total + value, 0)
  const filled = sum(kept) / sum(memoryLimits)
  return memoryLimits.map((limit, d) => Math.max(kept[d], limit * (filled + spareShare * (1 - filled))))
}

/** Rounds of annealing; between them justification renews the order, which map moves leave as it was. */
function annealed(
  problem: SchedulingProblem,
  units: Units,
  start: Placement,
  { effort, enoughTicks }: Target,
): Placement {
  const rounds = 4
  const ops = problem.graph.ops.length
  const commitsPerTrial = ops / 2
  const commits = effort * Math.min(annealCommits / density(problem) / rounds, mostTrialsPerOp * ops * commitsPerTrial)
  if (commits < leastTrialsPerOp * ops * commitsPerTrial) return start
  const warmth = Math.max(1, heatOps / ops)
  let best = start
  for (let round = 0; round < rounds && best.schedule.makespan > enoughTicks; round++) {
    const from = { deviceOf: best.schedule.opDevice, order: startOrder(problem, best.schedule) }
    const found = annealMoves(problem, units, from, {
      seed: round + 1,
      commits,
      enoughTicks,
      hot: heats[round % heats.length] * warmth,
    })
    const order = opOrder(found.order)
    const schedule = replay(problem, found.deviceOf, order)
    const peakBytes = memoryPeaks(problem, schedule)
    const next = { placer: 'anneal', deviceOf: found.deviceOf, order, schedule, peakBytes }
    best = shorter(problem, best, justified(problem, next))
  }
  return best
}

/** The second if it is shorter and within the limits. */
function shorter(problem: SchedulingProblem, best: Placement, other: Placement): Placement {
  if (other.schedule.makespan >= best.schedule.makespan) return best
  return 'placement' in withinLimits(problem, { placement: other }) ? other : best
}

function density({ graph }: SchedulingProblem): number {
  return Math.max(1, graph.edgeFrom.length / (usualEdgesPerOp * graph.ops.length))
}
