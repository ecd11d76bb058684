import { meanOpTicks, type SchedulingProblem } from '../../schedule/index.js'

/** How a map is judged without scheduling it. All terms are relative to an even share of the work. */
export interface LoadWeights {
  /** Time is cut into so many windows of equal work. */
  readonly windows: number
  /** Weight of the loads within windows; that of a device's or endpoint's whole load is 1. */
  readonly window: number
  /** Weight of all transfers together. */
  readonly transfer: number
}

/**
 * The loads that a map puts on devices, endpoints and networks, in whole and by time window, kept up to date under moves of single ops. Their
 * fourth powers sum to a cost that a balanced map with little traffic makes small: what a scheduler can turn into a short step.
 * A move costs its op's degree.
 */
export class PartitionLoads {
  cost = 0
  private readonly devices: number
  private readonly load: Float64Array
  private readonly wholeWeight: number
  private readonly windowWeight: number
  private readonly transferWeight: number
  private readonly readersOn: Int32Array
  /** Resources: devices, transmit endpoints, receive endpoints, network transmit, network receive. */
  private readonly receive: number
  private readonly networkTransmit: number
  private readonly networkReceive: number

  constructor(
    private readonly problem: SchedulingProblem,
    readonly deviceOf: Int32Array,
    private readonly windowOf: Uint8Array,
    private readonly weights: LoadWeights,
  ) {
    const { graph, deviceCount, cluster } = problem
    this.devices = deviceCount
    this.receive = problem.transfers === 'full-duplex' ? 2 * deviceCount : deviceCount
    this.networkTransmit = 3 * deviceCount
    this.networkReceive = 3 * deviceCount + cluster.hosts.length
    const work = meanOpTicks(problem).reduce((sum, ticks) => sum + ticks, 0)
    const share = Math.max(1, work / deviceCount)
    this.wholeWeight = share ** -4
    this.windowWeight = (weights.window * (weights.windows / share) ** 4) / weights.windows
    this.transferWeight = weights.transfer / share
    this.load = new Float64Array((3 * deviceCount + 2 * cluster.hosts.length) * (weights.windows + 1))
    this.readersOn = new Int32Array(graph.tensorBytes.length * deviceCount)
    for (let op = 0; op < graph.ops.length; op++) this.changeCompute(op, deviceOf[op], 1)
    for (let t = 0; t < graph.tensorBytes.length; t++) {
      for (let k = graph.consumerStart[t]; k < graph.consumerStart[t + 1]; k++)
        this.readersOn[t * deviceCount + deviceOf[graph.consumerOp[k]]]++
      this.changeCopies(t, deviceOf[graph.tensorProducer[t]], 1)
    }
  }

  move(op: number, to: number): void {
    const { graph } = this.problem
    const { devices, deviceOf, readersOn } = this
    const from = deviceOf[op]
    this.changeCompute(op, from, -1)
    this.changeCompute(op, to, 1)
    for (let k = graph.inStart[op]; k < graph.inStart[op + 1]; k++) {
      const t = graph.edgeTensor[graph.inEdge[k]]
      if (t < 0) continue
      const home = deviceOf[graph.tensorProducer[t]]
      if (--readersOn[t * devices + from] === 0 && from !== home) this.changeCopy(t, home, from, -1)
      if (readersOn[t * devices + to]++ === 0 && to !== home) this.changeCopy(t, home, to, 1)
    }
    for (let k = graph.outputStart[op]; k < graph.outputStart[op + 1]; k++) {
      this.changeCopies(graph.outputTensor[k], from, -1)
      this.changeCopies(graph.outputTensor[k], to, 1)
    }
    deviceOf[op] = to
  }

  private changeCopies(tensor: number, home: number, sign: number): void {
    for (let d = 0; d < this.devices; d++)
      if (d !== home && this.readersOn[tensor * this.devices + d] > 0) this.changeCopy(tensor, home, d, sign)
  }

  private changeCopy(tensor: number, from: number, to: number, sign: number): void {
    const { linkClassOf, transferTicks, graph, hostOf, transfers } = this.problem
    const ticks = sign * transferTicks[linkClassOf[from * this.devices + to]][tensor]
    this.cost += this.transferWeight * ticks
    if (transfers === 'uncontended') return
    const window = this.windowOf[graph.tensorProducer[tensor]]
    this.change(this.devices + from, window, ticks)
    this.change(this.receive + to, window, ticks)
    if (hostOf[from] === hostOf[to]) return
    this.change(this.networkTransmit + hostOf[from], window, ticks)
    this.change(this.networkReceive + hostOf[to], window, ticks)
  }

  private changeCompute(op: number, device: number, sign: number): void {
    this.change(device, this.windowOf[op], sign * this.problem.opTicks[this.problem.kindOf[device]][op])
  }

  private change(resource: number, window: number, ticks: number): void {
    const { windows } = this.weights
    const base = resource * (windows + 1)
    this.add(base + window, ticks, this.windowWeight)
    this.add(base + windows, ticks, this.wholeWeight)
  }

  private add(at: number, ticks: number, weight: number): void {
    const before = this.load[at] * this.load[at]
    this.load[at] += ticks
    const after = this.load[at] * this.load[at]
    this.cost += weight * (after * after - before * before)
  }
}
