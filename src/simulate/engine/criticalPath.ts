import type { PlayedTasks } from './playTasks.js'
import type { TaskGraph } from './taskGraph.js'

/**
 * A chain of tasks without gaps from 0 to the makespan, in time order: each starts the tick the one before it ends, and waited for it.
 * Their durations add up to the makespan; tasks of no length are left out. Of several such chains the one with the least task
 * numbers, from the end backwards.
 */
export function criticalPath(graph: TaskGraph, played: PlayedTasks): number[] {
  const { start, end, makespan } = played
  const cause = new Int32Array(graph.taskCount).fill(-1)
  for (let task = 0; task < graph.taskCount; task++)
    for (let k = graph.successorStart[task]; k < graph.successorStart[task + 1]; k++) {
      const next = graph.successor[k]
      if (cause[next] < 0 && end[task] === start[next]) cause[next] = task
    }
  const chain: number[] = []
  for (let at = end.indexOf(makespan); at >= 0; at = cause[at]) if (end[at] > start[at]) chain.push(at)
  return chain.reverse()
}
