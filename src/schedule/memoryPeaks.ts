import { copiesByTensor } from './copiesByTensor.js'
import type { SchedulingProblem } from './problem.js'
import type { Schedule } from './schedule.js'
import { sortedByTime } from './sortedByTime.js'

/**
 * Peak bytes on each device, exactly, by the memory rules of FORMATS: parameters for the whole step; temporaries while the op runs; an
 * output from its op's start to the end of its last local use or outgoing transfer (of the step if it has neither); a copy from
 * its transfer's start to its last use. Half-open intervals: at equal times releases come first, an empty interval holds nothing.
 */
export function memoryPeaks(problem: SchedulingProblem, schedule: Schedule): Float64Array {
  const { graph, deviceCount } = problem
  const holdings = listHoldings(problem, schedule)
  const peak = new Float64Array(deviceCount)
  if (schedule.makespan > 0)
    for (let op = 0; op < graph.ops.length; op++) peak[schedule.opDevice[op]] += graph.parameterBytes[op]

  const { count, device, from, to, bytes } = holdings
  // Releases stand before acquisitions, and the sort is stable: at equal times releases come first.
  const times = new Float64Array(2 * count)
  times.set(to.subarray(0, count))
  times.set(from.subarray(0, count), count)
  const now = peak.slice()
  for (const event of sortedByTime(times)) {
    const isRelease = event < count
    const holding = isRelease ? event : event - count
    const d = device[holding]
    now[d] += isRelease ? -bytes[holding] : bytes[holding]
    if (now[d] > peak[d]) peak[d] = now[d]
  }
  return peak
}

/** Intervals during which bytes are held, column-wise. */
interface Holdings {
  count: number
  readonly device: Int32Array
  readonly from: Float64Array
  readonly to: Float64Array
  readonly bytes: Float64Array
}

function listHoldings({ graph }: SchedulingProblem, schedule: Schedule): Holdings {
  const copies = schedule.copyTensor.length
  const most = graph.ops.length + graph.tensorBytes.length + copies
  const holdings: Holdings = {
    count: 0,
    device: new Int32Array(most),
    from: new Float64Array(most),
    to: new Float64Array(most),
    bytes: new Float64Array(most),
  }
  for (let op = 0; op < graph.ops.length; op++)
    hold(holdings, schedule.opDevice[op], schedule.opStart[op], schedule.opEnd[op], graph.temporaryBytes[op])

  const { producerLast, copyLast } = lastUses(graph, schedule)
  for (let t = 0; t < graph.tensorBytes.length; t++) {
    const producer = graph.tensorProducer[t]
    const end = producerLast[t] < 0 ? schedule.makespan : producerLast[t]
    hold(holdings, schedule.opDevice[producer], schedule.opStart[producer], end, graph.tensorBytes[t])
  }
  for (let c = 0; c < copies; c++)
    hold(holdings, schedule.copyTo[c], schedule.copyStart[c], copyLast[c], graph.tensorBytes[schedule.copyTensor[c]])
  return holdings
}

/** When the producer's device last needs each tensor (-1: never), and each copy its device. */
function lastUses(
  graph: SchedulingProblem['graph'],
  schedule: Schedule,
): { producerLast: Float64Array; copyLast: Float64Array } {
  const { first, next } = copiesByTensor(graph.tensorBytes.length, schedule)
  const producerLast = new Float64Array(graph.tensorBytes.length).fill(-1)
  const copyLast = schedule.copyEnd.slice()
  schedule.copyTensor.forEach((tensor, copy) => {
    producerLast[tensor] = Math.max(producerLast[tensor], schedule.copyEnd[copy])
  })
  for (let t = 0; t < graph.tensorBytes.length; t++) {
    const home = schedule.opDevice[graph.tensorProducer[t]]
    for (let k = graph.consumerStart[t]; k < graph.consumerStart[t + 1]; k++) {
      const op = graph.consumerOp[k]
      const d = schedule.opDevice[op]
      if (d === home) producerLast[t] = Math.max(producerLast[t], schedule.opEnd[op])
      else {
        let c = first[t]
        while (schedule.copyTo[c] !== d) c = next[c]
        copyLast[c] = Math.max(copyLast[c], schedule.opEnd[op])
      }
    }
  }
  return { producerLast, copyLast }
}

function hold(holdings: Holdings, device: number, from: number, to: number, bytes: number): void {
  if (bytes <= 0 || to <= from) return
  const k = holdings.count++
  holdings.device[k] = device
  holdings.from[k] = from
  holdings.to[k] = to
  holdings.bytes[k] = bytes
}
