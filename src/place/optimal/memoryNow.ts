import type { Activities } from './activities.js'

/**
 * What the devices are sure to hold at one time of a schedule that is built in the order of its starts: whatever is committed later starts then
 * or afterwards and only adds. An interval that might turn out empty (of something of no time that starts now) is not counted.
 */
export class MemoryNow {
  private readonly held: Float64Array
  private readonly permanent: Float64Array
  /** Activities that need a tensor on its producer's device, and on other devices. */
  private readonly usesAtHome: readonly (readonly number[])[]
  private readonly usesOfTransfer: readonly (readonly number[])[]

  constructor(
    private readonly activities: Activities,
    private readonly start: Float64Array,
    private readonly isCommitted: Uint8Array,
  ) {
    const { problem, deviceOf, transferTensor, transferTo, ticks } = activities
    const { graph, deviceCount } = problem
    const ops = deviceOf.length
    this.held = new Float64Array(deviceCount)
    this.permanent = new Float64Array(deviceCount)
    const takesTime = ticks.some((each) => each > 0)
    for (let op = 0; takesTime && op < ops; op++) this.permanent[deviceOf[op]] += graph.parameterBytes[op]
    const usesOn = (tensor: number, device: number) =>
      [...graph.consumerOp.subarray(graph.consumerStart[tensor], graph.consumerStart[tensor + 1])].filter(
        (op) => deviceOf[op] === device,
      )
    this.usesOfTransfer = transferTensor.map((tensor, k) => usesOn(tensor, transferTo[k]))
    this.usesAtHome = graph.tensorNames.map((_, tensor) => [
      ...usesOn(tensor, deviceOf[graph.tensorProducer[tensor]]),
      ...transferTensor.flatMap((other, k) => (other === tensor ? [ops + k] : [])),
    ])
  }

  fits(now: number): boolean {
    const { held, activities, start, isCommitted } = this
    const { problem, deviceOf, ticks, transferTensor, transferTo } = activities
    const { graph, memoryLimits } = problem
    held.set(this.permanent)
    const ops = deviceOf.length
    for (let op = 0; op < ops; op++) {
      if (!isCommitted[op] || (start[op] === now && ticks[op] === 0)) continue
      if (start[op] + ticks[op] > now) held[deviceOf[op]] += graph.temporaryBytes[op]
      for (let k = graph.outputStart[op]; k < graph.outputStart[op + 1]; k++) {
        const tensor = graph.outputTensor[k]
        if (this.isNeeded(this.usesAtHome[tensor], now)) held[deviceOf[op]] += graph.tensorBytes[tensor]
      }
    }
    for (let k = 0; k < transferTensor.length; k++) {
      const a = ops + k
      if (!isCommitted[a] || (start[a] === now && ticks[a] === 0)) continue
      if (this.isNeeded(this.usesOfTransfer[k], now)) held[transferTo[k]] += graph.tensorBytes[transferTensor[k]]
    }
    return held.every((bytes, d) => bytes <= memoryLimits[d])
  }

  /** Without a use it stays to the end; a use not committed yet is still to come. */
  private isNeeded(uses: readonly number[], now: number): boolean {
    return uses.length === 0 || uses.some((a) => !this.isCommitted[a] || this.start[a] + this.activities.ticks[a] > now)
  }
}
