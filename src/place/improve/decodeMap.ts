import {
  completeOrder,
  memoryPeaks,
  opOrder,
  replay,
  type Schedule,
  type SchedulingProblem,
  upwardRanks,
} from '../../schedule/index.js'
import { justified } from '../justified.js'
import type { Placement } from '../placement.js'

/** The shortest justified schedule found for a map: committed by earliest start, and by upward rank with and without transfers. */
export function decodeMap(problem: SchedulingProblem, deviceOf: Int32Array, placer: string): Placement {
  const orders = [completeOrder(problem, deviceOf), rankOrder(problem, 1), rankOrder(problem, 0)]
  let best: Placement | undefined
  for (const ops of orders) {
    const order = opOrder(ops)
    const schedule = replay(problem, deviceOf, order)
    const peakBytes = memoryPeaks(problem, schedule)
    const placement = justified(problem, { placer, deviceOf, order, schedule, peakBytes })
    if (!best || placement.schedule.makespan < best.schedule.makespan) best = placement
  }
  return best!
}

/** Ops by falling upward rank; equal ranks in topological order. */
export function rankOrder(problem: SchedulingProblem, transferWeight: number): Int32Array {
  const rank = upwardRanks(problem, transferWeight)
  return sortedTopologically(problem, (a, b) => rank[b] - rank[a])
}

/** Ops by start in a schedule; equal starts in topological order. */
export function startOrder(problem: SchedulingProblem, { opStart }: Schedule): Int32Array {
  return sortedTopologically(problem, (a, b) => opStart[a] - opStart[b])
}

function sortedTopologically({ graph }: SchedulingProblem, compare: (a: number, b: number) => number): Int32Array {
  const position = new Int32Array(graph.ops.length)
  for (let k = 0; k < position.length; k++) position[graph.topologicalOrder[k]] = k
  return graph.topologicalOrder.slice().sort((a, b) => compare(a, b) || position[a] - position[b])
}
