import { copiesByTensor } from './copiesByTensor.js'
import { makeEndpoints } from './endpoints.js'
import { FreeTime } from './freeTime.js'
import type { SchedulingProblem } from './problem.js'
import { replay } from './replay.js'
import type { CommitOrder, Schedule } from './schedule.js'
import { sortedByTime } from './sortedByTime.js'

export interface Justified {
  readonly order: CommitOrder
  readonly schedule: Schedule
}

/**
 * Justification (Wiest, Operations Research 1964; Valls et al., EJOR 2005): with the map fixed, every op and transfer is shifted as late as it goes, then
 * all are committed again in the order of those late starts, each as early as it goes. Never longer than before. Transfers are activities of
 * their own: an order of ops alone cannot express what this finds.
 */
export function justify(problem: SchedulingProblem, schedule: Schedule): Justified {
  const late = lateStarts(problem, schedule)
  const order = activitiesBy(problem, schedule, late.op, late.copy, 1)
  const commit: CommitOrder = {
    item: order.map((a) => (a < schedule.opEnd.length ? a : schedule.copyTensor[a - schedule.opEnd.length])),
    to: order.map((a) => (a < schedule.opEnd.length ? -1 : schedule.copyTo[a - schedule.opEnd.length])),
  }
  return { order: commit, schedule: replay(problem, schedule.opDevice, commit) }
}

/** Starts when everything is shifted right, the makespan kept: the same core run backwards, on mirrored time. */
function lateStarts(problem: SchedulingProblem, schedule: Schedule): { op: Float64Array; copy: Float64Array } {
  const { graph, deviceCount } = problem
  const opCount = graph.ops.length
  const copiesOf = copiesByTensor(graph.tensorBytes.length, schedule)
  const compute = Array.from({ length: deviceCount }, () => new FreeTime())
  const endpoints = makeEndpoints(problem)
  // Mirrored ends: the time from an activity's late start to the makespan.
  const opMirror = new Float64Array(opCount)
  const copyMirror = new Float64Array(schedule.copyTensor.length)

  const commitOp = (op: number) => {
    const device = schedule.opDevice[op]
    const ticks = schedule.opEnd[op] - schedule.opStart[op]
    let ready = 0
    for (let e = graph.outStart[op]; e < graph.outStart[op + 1]; e++) {
      const to = graph.edgeTo[e]
      if (graph.edgeTensor[e] < 0 || schedule.opDevice[to] === device) ready = Math.max(ready, opMirror[to])
    }
    for (let k = graph.outputStart[op]; k < graph.outputStart[op + 1]; k++)
      for (let c = copiesOf.first[graph.outputTensor[k]]; c >= 0; c = copiesOf.next[c])
        ready = Math.max(ready, copyMirror[c])
    const start = compute[device].fit(ready, ticks)
    compute[device].book(start, start + ticks)
    opMirror[op] = start + ticks
  }
  const commitCopy = (copy: number) => {
    const tensor = schedule.copyTensor[copy]
    const to = schedule.copyTo[copy]
    const from = schedule.opDevice[graph.tensorProducer[tensor]]
    const ticks = schedule.copyEnd[copy] - schedule.copyStart[copy]
    let ready = 0
    for (let k = graph.consumerStart[tensor]; k < graph.consumerStart[tensor + 1]; k++) {
      const op = graph.consumerOp[k]
      if (schedule.opDevice[op] === to) ready = Math.max(ready, opMirror[op])
    }
    const start = endpoints.window(from, to, ready, ticks)
    endpoints.book(from, to, start, start + ticks)
    copyMirror[copy] = start + ticks
  }
  for (const activity of activitiesBy(problem, schedule, schedule.opEnd, schedule.copyEnd, -1)) {
    if (activity < opCount) commitOp(activity)
    else commitCopy(activity - opCount)
  }
  // In mirrored time the ends are the starts of real time; only their order counts, so the makespan is not added back.
  return { op: opMirror.map((mirror) => -mirror), copy: copyMirror.map((mirror) => -mirror) }
}

/** Activities (ops, then copies after them) by the given times, rising or falling; equal times in the direction of the dependencies. */
function activitiesBy(
  { graph }: SchedulingProblem,
  schedule: Schedule,
  opTime: Float64Array,
  copyTime: Float64Array,
  direction: 1 | -1,
): Int32Array {
  const opCount = graph.ops.length
  const count = opCount + copyTime.length
  const time = new Float64Array(count)
  time.set(opTime)
  time.set(copyTime, opCount)
  const position = new Float64Array(count)
  for (let k = 0; k < opCount; k++) position[graph.topologicalOrder[k]] = 2 * k
  for (let c = 0; c < copyTime.length; c++)
    position[opCount + c] = position[graph.tensorProducer[schedule.copyTensor[c]]] + 1
  const byPosition = sortedByTime(fromZero(position, direction))
  const key = fromZero(time, direction)
  const keyByPosition = new Float64Array(count)
  for (let k = 0; k < count; k++) keyByPosition[k] = key[byPosition[k]]
  const byTime = sortedByTime(keyByPosition)
  const order = new Int32Array(count)
  for (let k = 0; k < count; k++) order[k] = byPosition[byTime[k]]
  return order
}

/** The same order, or the opposite one, in whole numbers from 0. */
function fromZero(values: Float64Array, direction: 1 | -1): Float64Array {
  let first = Number.POSITIVE_INFINITY
  for (let k = 0; k < values.length; k++) if (direction * values[k] < first) first = direction * values[k]
  const shifted = new Float64Array(values.length)
  for (let k = 0; k < values.length; k++) shifted[k] = direction * values[k] - first
  return shifted
}
