import { completeOrder, memoryPeaks, opOrder, replay, type SchedulingProblem } from '../schedule/index.js'
import type { MapAndOrder } from './improve/annealMoves.js'
import { partitionSeed } from './improve/partitionSeed.js'
import { repairMemory } from './improve/repairMemory.js'
import { movableUnits, type Units } from './improve/units.js'
import { justified } from './justified.js'
import type { Attempt, Placement } from './placement.js'
import { placeSpread } from './spread.js'

/** Ops replayed by the repair search over all its trials, and most trials per op: a small graph is searched through sooner. */
const repairWork = 10_000_000
const trialsPerOp = 300
const movesPerOp = 1000

/**
 * For memory so tight that the other placers find nothing: maps with evenly spread kept bytes (`placeSpread`); then local search for a legal
 * schedule on the exact memory account, from a map with little traffic (copies are memory too) and, in turn, two orders.
 */
export function placeTight(problem: SchedulingProblem): Attempt {
  const spread = placeSpread(problem)
  if ('placement' in spread) return spread
  const units = movableUnits(problem)
  const { graph } = problem
  const deviceOf = partitionSeed(problem, units, roundRobin(problem, units), {
    seed: 1,
    moves: movesPerOp * graph.ops.length,
    devices: problem.deviceCount,
    windows: 8,
    window: 3,
    transfer: 1,
  })
  const trials = Math.floor(Math.min(repairWork / graph.ops.length, trialsPerOp * graph.ops.length))
  for (const order of [graph.topologicalOrder, completeOrder(problem, deviceOf)]) {
    const found = repairMemory(problem, units, { deviceOf, order }, { seed: 1, trials })
    if (found) return { placement: justified(problem, scheduled(problem, found)) }
  }
  return spread
}

function roundRobin({ opTicks, kindOf, deviceCount, graph }: SchedulingProblem, units: Units): Int32Array {
  return Int32Array.from(graph.ops, (_, op) => {
    for (let k = 0; k < deviceCount; k++) {
      const device = (units.unitOf[op] + k) % deviceCount
      if (opTicks[kindOf[device]][op] >= 0) return device
    }
    return 0
  })
}

function scheduled(problem: SchedulingProblem, { deviceOf, order }: MapAndOrder): Placement {
  const schedule = replay(problem, deviceOf, opOrder(order))
  return { placer: 'tight', deviceOf, order: opOrder(order), schedule, peakBytes: memoryPeaks(problem, schedule) }
}
