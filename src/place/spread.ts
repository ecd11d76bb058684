import { type SchedulingProblem, upwardRanks } from '../schedule/index.js'
import { partitionSeed } from './improve/partitionSeed.js'
import { mayRun, movableUnits, type Units, unitKeptBytes } from './improve/units.js'
import { justified } from './justified.js'
import { listSchedule } from './listSchedule.js'
import type { Attempt } from './placement.js'

/** Shares of the spare memory that kept bytes may take: the smaller, the more room for what comes and goes, and the fewer maps. */
const spareShares = [0.05, 0.2, 0.4]
const movesPerOp = 500

/**
 * For memory that is tight: first a map whose kept bytes (parameters, outputs that nobody reads) are spread evenly, largest first, then balanced in load
 * and traffic without leaving its quotas; then its order by list scheduling, in ranks that finish what is begun rather than begin anew. Greedy
 * placers choose device and time at once and find no room for what comes last.
 */
export function placeSpread(problem: SchedulingProblem): Attempt {
  const units = movableUnits(problem)
  const kept = unitKeptBytes(problem, units)
  const start = largestFirst(problem, units, kept)
  let best: Attempt | undefined
  spareShares.forEach((share, k) => {
    const options = {
      seed: k + 1,
      moves: movesPerOp * start.length,
      devices: problem.deviceCount,
      windows: 8,
      window: 3,
      transfer: 0.2,
    }
    const keptQuotas = quotas(problem, kept, share)
    const deviceOf = partitionSeed(problem, units, start, { ...options, keptQuotas })
    for (const rank of ranks(problem)) best = better(best, attemptWith(problem, deviceOf, rank))
  })
  return best!
}

/** Early finishers first, then in between, then by the critical path as usual. */
function ranks(problem: SchedulingProblem): Float64Array[] {
  const up = upwardRanks(problem, 1)
  return [up, up.map((ticks) => -ticks), releaseRanks(problem)]
}

/** Ops that free more than they make go first. */
function releaseRanks({ graph }: SchedulingProblem): Float64Array {
  return Float64Array.from(graph.ops, (_, op) => {
    let freed = 0
    for (let k = graph.inStart[op]; k < graph.inStart[op + 1]; k++) {
      const tensor = graph.edgeTensor[graph.inEdge[k]]
      if (tensor >= 0)
        freed += graph.tensorBytes[tensor] / (graph.consumerStart[tensor + 1] - graph.consumerStart[tensor])
    }
    for (let k = graph.outputStart[op]; k < graph.outputStart[op + 1]; k++)
      freed -= graph.tensorBytes[graph.outputTensor[k]]
    return freed
  })
}

function attemptWith(problem: SchedulingProblem, fixedDevice: Int32Array, rank: Float64Array): Attempt {
  const attempt = listSchedule(problem, { placer: 'spread', rank, fixedDevice })
  return 'placement' in attempt ? { placement: justified(problem, attempt.placement) } : attempt
}

function better(best: Attempt | undefined, other: Attempt): Attempt {
  if (!best) return other
  if ('miss' in other) return 'miss' in best && other.miss.placedOps > best.miss.placedOps ? other : best
  return 'miss' in best || other.placement.schedule.makespan < best.placement.schedule.makespan ? other : best
}

/** Units by falling kept bytes, each to the allowed device that is least filled: first-fit decreasing on relative room. */
function largestFirst(problem: SchedulingProblem, units: Units, kept: Float64Array): Int32Array {
  const { memoryLimits, deviceCount, graph } = problem
  const deviceOf = new Int32Array(graph.ops.length)
  const filled = new Float64Array(deviceCount)
  const order = Int32Array.from({ length: units.count }, (_, u) => u)
  for (const unit of order.sort((a, b) => kept[b] - kept[a] || a - b)) {
    const ops = units.ops.subarray(units.start[unit], units.start[unit + 1])
    if (ops.length === 0) continue
    let device = -1
    for (let d = 0; d < deviceCount; d++)
      if (
        mayRun(problem, ops[0], d) &&
        (device < 0 ||
          (filled[d] + kept[unit]) / memoryLimits[d] < (filled[device] + kept[unit]) / memoryLimits[device])
      )
        device = d
    filled[device] += kept[unit]
    for (const op of ops) deviceOf[op] = device
  }
  return deviceOf
}

function quotas({ memoryLimits }: SchedulingProblem, kept: Float64Array, spareShare: number): Float64Array {
  const filled = kept.reduce((sum, bytes) => sum + bytes, 0) / memoryLimits.reduce((sum, bytes) => sum + bytes, 0)
  return memoryLimits.map((limit) => limit * (filled + spareShare * (1 - filled)))
}
