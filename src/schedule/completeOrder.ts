import type { SchedulingProblem } from './problem.js'
import { ReadyQueue } from './readyQueue.js'
import { Scheduler } from './scheduler.js'
import { upwardRanks } from './upwardRanks.js'

/**
 * Gives a placement without order its commit order by the rule of FORMATS: repeatedly, of the ops whose predecessors are all committed, the one
 * with the least max(device free, latest predecessor end), ties by upward rank with communication, then by name.
 */
export function completeOrder(problem: SchedulingProblem, deviceOf: Int32Array): Int32Array {
  const { graph, deviceCount } = problem
  const { inStart, outStart, edgeFrom, edgeTo, inEdge } = graph
  const rank = upwardRanks(problem, 1)
  const scheduler = new Scheduler(problem)
  const queues = Array.from({ length: deviceCount }, () => new ReadyQueue())
  const waitingFor = new Int32Array(graph.ops.length)
  const order = new Int32Array(graph.ops.length)
  const isUncommitted = (op: number) => scheduler.opDevice[op] < 0

  const makeReady = (op: number) => {
    let latest = 0
    for (let k = inStart[op]; k < inStart[op + 1]; k++) latest = Math.max(latest, scheduler.opEnd[edgeFrom[inEdge[k]]])
    queues[deviceOf[op]].push(op, latest, rank[op])
  }
  for (let op = 0; op < graph.ops.length; op++) {
    waitingFor[op] = inStart[op + 1] - inStart[op]
    if (waitingFor[op] === 0) makeReady(op)
  }
  for (let k = 0; k < order.length; k++) {
    let chosen = -1
    let chosenStart = Number.POSITIVE_INFINITY
    for (let d = 0; d < deviceCount; d++) {
      const op = queues[d].best(scheduler.compute[d].tail, rank, isUncommitted)
      if (op < 0) continue
      const start = queues[d].bestStart
      const wins =
        start !== chosenStart ? start < chosenStart : rank[op] !== rank[chosen] ? rank[op] > rank[chosen] : op < chosen
      if (!wins) continue
      chosen = op
      chosenStart = start
    }
    scheduler.commitOp(chosen, deviceOf[chosen])
    order[k] = chosen
    for (let e = outStart[chosen]; e < outStart[chosen + 1]; e++)
      if (--waitingFor[edgeTo[e]] === 0) makeReady(edgeTo[e])
  }
  return order
}
