import { type Schedule, type SchedulingProblem, upwardRanks } from '../schedule/index.js'

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
