import type { CostTable } from '../cost/index.js'
import type { OpGraph } from '../graph/index.js'
import { type Cluster, linkClasses, type Transfers } from '../hardware/index.js'

/**
 * A graph to be scheduled on a cluster, in whole ticks: every time is an integer that a double holds exactly, so sums never drift,
 * schedules can be shifted back and forth, and a replay gives the same times to the bit.
 */
export interface SchedulingProblem {
  readonly graph: OpGraph
  readonly cluster: Cluster
  readonly deviceCount: number
  /** 1e12 (picoseconds) unless the step could outlast 2^52 of them. */
  readonly ticksPerSecond: number
  /** Device kind of each device, an index into `opTicks`. */
  readonly kindOf: Int32Array
  /** opTicks[kind][op]; -1 where the op, or another of its colocation group, may not run. */
  readonly opTicks: readonly Float64Array[]
  /** Link class of sender x deviceCount + receiver, an index into `transferTicks`. */
  readonly linkClassOf: Uint16Array
  /** transferTicks[link class][tensor]. */
  readonly transferTicks: readonly Float64Array[]
  readonly hostOf: Int32Array
  readonly transfers: Transfers
  /** Bytes each device may hold. */
  readonly memoryLimits: Float64Array
}

/** Prepares the problem. `memoryLimits` are bytes per device, reserve already taken off. */
export function schedulingProblem(
  graph: OpGraph,
  cluster: Cluster,
  costs: CostTable,
  memoryLimits: Float64Array,
): SchedulingProblem {
  const { classIndex, links } = linkClasses(cluster)
  const measured = measuredTransfers(graph)
  const transferSeconds = (t: number, c: number) =>
    measured.get(t) ?? links[c].latencySeconds + graph.tensorBytes[t] / links[c].bytesPerSecond
  const ticksPerSecond = chooseTicks(graph, costs, links.length, transferSeconds)
  const toTicks = (seconds: number) => Math.round(seconds * ticksPerSecond)
  return {
    graph,
    cluster,
    deviceCount: cluster.devices.length,
    ticksPerSecond,
    kindOf: costs.kindOf,
    opTicks: costs.seconds.map((column) =>
      forbidGroups(
        graph,
        column.map((s) => (Number.isNaN(s) ? -1 : toTicks(s))),
      ),
    ),
    linkClassOf: classIndex,
    transferTicks: links.map((_, c) => graph.tensorBytes.map((_bytes, t) => toTicks(transferSeconds(t, c)))),
    hostOf: Int32Array.from(cluster.devices, (device) => device.host),
    transfers: cluster.transfers,
    memoryLimits,
  }
}

/** Tensors whose graph states how long they travel. */
function measuredTransfers({ ops, outputStart, outputTensor, tensorNames }: OpGraph): ReadonlyMap<number, number> {
  const seconds = new Map<number, number>()
  ops.forEach(({ outputs = [] }, op) => {
    if (outputs.every((output) => output.transferSeconds === undefined)) return
    const byName = new Map(outputs.map((output) => [output.name, output.transferSeconds]))
    for (let k = outputStart[op]; k < outputStart[op + 1]; k++) {
      const stated = byName.get(tensorNames[outputTensor[k]])
      if (stated !== undefined) seconds.set(outputTensor[k], stated)
    }
  })
  return seconds
}

/** A group runs where all its ops may: otherwise its first op could settle on a device that another one cannot follow to. */
function forbidGroups({ groupOf, groupNames }: OpGraph, ticks: Float64Array): Float64Array {
  const isForbidden = new Uint8Array(groupNames.length)
  for (let op = 0; op < ticks.length; op++) if (groupOf[op] >= 0 && ticks[op] < 0) isForbidden[groupOf[op]] = 1
  for (let op = 0; op < ticks.length; op++) if (groupOf[op] >= 0 && isForbidden[groupOf[op]]) ticks[op] = -1
  return ticks
}

/** The finest decimal tick for which the sum of everything that could ever run one after the other stays exact in a double. */
function chooseTicks(
  graph: OpGraph,
  costs: CostTable,
  linkCount: number,
  transferSeconds: (t: number, c: number) => number,
): number {
  let horizonSeconds = 0
  for (let op = 0; op < graph.ops.length; op++) {
    let longest = 0
    for (const column of costs.seconds) if (column[op] > longest) longest = column[op]
    horizonSeconds += longest
  }
  for (let t = 0; t < graph.tensorBytes.length; t++) {
    let longest = 0
    for (let c = 0; c < linkCount; c++) longest = Math.max(longest, transferSeconds(t, c))
    horizonSeconds += longest * (graph.consumerStart[t + 1] - graph.consumerStart[t])
  }
  let ticksPerSecond = 1e12
  while (horizonSeconds * ticksPerSecond > 2 ** 52 && ticksPerSecond > 1) ticksPerSecond /= 10
  return ticksPerSecond
}
