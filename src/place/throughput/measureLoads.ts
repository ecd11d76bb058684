import type { SchedulingProblem } from '../../schedule/index.js'
import { cpuKind, opBytes } from './loadProblem.js'

export interface MeasuredLoads {
  /** Ticks of each device: work + what it sends + what it receives; the CPUs of the pool share theirs evenly. */
  readonly loadTicks: Float64Array
  readonly workTicks: Float64Array
  readonly bytes: Float64Array
}

/**
 * The loads of a placement, op by op and link by link: a tensor is received once by each device that reads it, and sent once by the device
 * that makes it, over the slowest of the links it takes. CPUs pay nothing for either.
 */
export function measureLoads(problem: SchedulingProblem, deviceOf: Int32Array, countsOutputs: boolean): MeasuredLoads {
  const { graph, cluster, deviceCount, kindOf, opTicks, linkClassOf, transferTicks } = problem
  const isPool = cluster.devices.map(({ kind }) => kind === cpuKind)
  const workTicks = new Float64Array(deviceCount)
  const bytes = new Float64Array(deviceCount)
  const sizes = opBytes(problem, countsOutputs)
  deviceOf.forEach((d, op) => {
    workTicks[d] += opTicks[kindOf[d]][op]
    bytes[d] += sizes[op]
  })
  const poolTicks = workTicks.reduce((sum, ticks, d) => (isPool[d] ? sum + ticks : sum), 0)
  const poolSize = isPool.filter(Boolean).length
  const loadTicks = workTicks.map((ticks, d) => (isPool[d] ? poolTicks / poolSize : ticks))
  const received = new Int32Array(deviceCount).fill(-1)
  for (let t = 0; t < graph.tensorBytes.length; t++) {
    const from = deviceOf[graph.tensorProducer[t]]
    let sent = 0
    for (let k = graph.consumerStart[t]; k < graph.consumerStart[t + 1]; k++) {
      const to = deviceOf[graph.consumerOp[k]]
      if (to === from || received[to] === t || (isPool[from] && isPool[to])) continue
      received[to] = t
      const ticks = transferTicks[linkClassOf[from * deviceCount + to]][t]
      sent = Math.max(sent, ticks)
      if (!isPool[to]) loadTicks[to] += ticks
    }
    if (!isPool[from]) loadTicks[from] += sent
  }
  return { loadTicks, workTicks, bytes }
}
