import type { SchedulingProblem } from './problem.js'
import type { Schedule } from './schedule.js'
import { sortedByTime } from './sortedByTime.js'

/** One activity on the chain that determines the step time: op `item`, or the transfer of tensor `item` when `isTransfer`. */
export interface CriticalActivity {
  readonly isTransfer: boolean
  readonly item: number
  /** The op's device, or the receiver. */
  readonly device: number
  readonly start: number
  readonly end: number
}

/**
 * A chain of activities without gaps from time 0 to the makespan: each starts the very tick the one before it ends, because it needs its
 * result or the device or endpoint it held. Every start in a schedule of the core is 0 or such an end, so the chain always exists
 * and its durations add up to the makespan. In time order.
 */
export function criticalPath(problem: SchedulingProblem, schedule: Schedule): CriticalActivity[] {
  const endings = indexEndings(schedule)
  const chain: CriticalActivity[] = []
  let at = lastOp(schedule)
  while (at) {
    if (at.end > at.start) chain.push(at)
    at = at.start > 0 ? predecessor(problem, schedule, endings, at) : undefined
  }
  return chain.reverse()
}

interface Endings {
  readonly ops: Ending
  readonly copies: Ending
}

/** The numbers of what ends at a time, ascending. */
type Ending = (time: number) => number[]

function indexEndings(schedule: Schedule): Endings {
  return { ops: endingsOf(schedule.opEnd), copies: endingsOf(schedule.copyEnd) }
}

/** A chain asks for few of the times: sorting once and searching takes a fraction of listing them all by time. */
function endingsOf(ends: Float64Array): Ending {
  const order = sortedByTime(ends)
  return (time) => {
    let low = 0
    let high = order.length
    while (low < high) {
      const middle = (low + high) >> 1
      if (ends[order[middle]] < time) low = middle + 1
      else high = middle
    }
    const found: number[] = []
    for (let k = low; k < order.length && ends[order[k]] === time; k++) found.push(order[k])
    return found
  }
}

function lastOp(schedule: Schedule): CriticalActivity | undefined {
  const op = schedule.opEnd.indexOf(schedule.makespan)
  return op < 0 ? undefined : opActivity(schedule, op)
}

function predecessor(
  problem: SchedulingProblem,
  schedule: Schedule,
  endings: Endings,
  at: CriticalActivity,
): CriticalActivity | undefined {
  return at.isTransfer ? beforeTransfer(problem, schedule, endings, at) : beforeOp(problem, schedule, endings, at)
}

function beforeOp({ graph }: SchedulingProblem, schedule: Schedule, endings: Endings, at: CriticalActivity) {
  for (let k = graph.inStart[at.item]; k < graph.inStart[at.item + 1]; k++) {
    const edge = graph.inEdge[k]
    const from = graph.edgeFrom[edge]
    const tensor = graph.edgeTensor[edge]
    if (tensor < 0 || schedule.opDevice[from] === at.device) {
      if (schedule.opEnd[from] === at.start) return opActivity(schedule, from)
      continue
    }
    const copy = endings
      .copies(at.start)
      .find((c) => schedule.copyTensor[c] === tensor && schedule.copyTo[c] === at.device)
    if (copy !== undefined) return copyActivity(schedule, copy)
  }
  const busy = endings
    .ops(at.start)
    .find((op) => schedule.opDevice[op] === at.device && schedule.opStart[op] < at.start)
  return busy === undefined ? undefined : opActivity(schedule, busy)
}

function beforeTransfer(problem: SchedulingProblem, schedule: Schedule, endings: Endings, at: CriticalActivity) {
  const producer = problem.graph.tensorProducer[at.item]
  if (schedule.opEnd[producer] === at.start) return opActivity(schedule, producer)
  const from = schedule.opDevice[producer]
  const busy = endings.copies(at.start).find((c) => {
    const otherFrom = schedule.opDevice[problem.graph.tensorProducer[schedule.copyTensor[c]]]
    return schedule.copyStart[c] < at.start && shareEndpoint(problem, from, at.device, otherFrom, schedule.copyTo[c])
  })
  return busy === undefined ? undefined : copyActivity(schedule, busy)
}

function shareEndpoint(
  { transfers, hostOf }: SchedulingProblem,
  from: number,
  to: number,
  otherFrom: number,
  otherTo: number,
): boolean {
  if (from === otherFrom || to === otherTo) return true
  if (transfers === 'half-duplex' && (from === otherTo || to === otherFrom)) return true
  const crosses = hostOf[from] !== hostOf[to] && hostOf[otherFrom] !== hostOf[otherTo]
  return crosses && (hostOf[from] === hostOf[otherFrom] || hostOf[to] === hostOf[otherTo])
}

function opActivity(schedule: Schedule, op: number): CriticalActivity {
  return {
    isTransfer: false,
    item: op,
    device: schedule.opDevice[op],
    start: schedule.opStart[op],
    end: schedule.opEnd[op],
  }
}

function copyActivity(schedule: Schedule, copy: number): CriticalActivity {
  return {
    isTransfer: true,
    item: schedule.copyTensor[copy],
    device: schedule.copyTo[copy],
    start: schedule.copyStart[copy],
    end: schedule.copyEnd[copy],
  }
}
