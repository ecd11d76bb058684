import { InternalError } from '../../errors/index.js'
import type { TaskGraph } from './taskGraph.js'

/**
 * The makespan of a graph of fixed work as a function of the ticks of each kind of task: for whoever plays one graph with thousands of costs. Tasks are put in an order of
 * dependency once, so that each length is one pass; `playTasks` gives the same number.
 */
export function pathLength(graph: TaskGraph): (ticksOfKind: ArrayLike<number>) => number {
  if (graph.link.length > 0) throw new InternalError('flows have no length of their own: play them')
  const order = dependencyOrder(graph)
  const place = new Int32Array(graph.taskCount)
  order.forEach((task, at) => {
    place[task] = at
  })
  const kind = Int32Array.from(order, (task) => graph.kind[task])
  const successorStart = new Int32Array(graph.taskCount + 1)
  const successor = new Int32Array(graph.successor.length)
  let count = 0
  order.forEach((task, at) => {
    for (let k = graph.successorStart[task]; k < graph.successorStart[task + 1]; k++)
      successor[count++] = place[graph.successor[k]]
    successorStart[at + 1] = count
  })
  const start = new Float64Array(graph.taskCount)
  return (ticksOfKind) => {
    start.fill(0)
    let makespan = 0
    for (let at = 0; at < start.length; at++) {
      const end = start[at] + ticksOfKind[kind[at]]
      if (end > makespan) makespan = end
      for (let k = successorStart[at]; k < successorStart[at + 1]; k++)
        if (end > start[successor[k]]) start[successor[k]] = end
    }
    return makespan
  }
}

function dependencyOrder(graph: TaskGraph): Int32Array {
  const waitsFor = graph.predecessorCount.slice()
  const order = new Int32Array(graph.taskCount)
  let ready = 0
  for (let task = 0; task < graph.taskCount; task++) if (waitsFor[task] === 0) order[ready++] = task
  for (let at = 0; at < ready; at++)
    for (let k = graph.successorStart[order[at]]; k < graph.successorStart[order[at] + 1]; k++)
      if (--waitsFor[graph.successor[k]] === 0) order[ready++] = graph.successor[k]
  if (ready < graph.taskCount) throw new InternalError('tasks wait in a circle: play them to hear which')
  return order
}
