import type { SchedulingProblem } from '../../schedule/index.js'
import { LoadNets } from './loadNets.js'

/**
 * The throughput objective as a hypergraph to be cut: blocks (colocation groups, or single ops) have work on each class of devices; a net is a
 * tensor with the blocks that make and read it. A device's load is the work of its blocks plus the cost of every net that it shares with another
 * device: the sender and each receiver pay once, with no overlap of transfer and compute. The host's pool of CPUs pays nothing for transfers.
 * Source: Tarnawski et al., "Efficient Algorithms for Device Placement of DNN Graph Operators", NeurIPS 2020, section 3 and appendix C.
 */
export interface LoadProblem {
  readonly blockCount: number
  readonly classes: readonly DeviceClass[]
  /** work[class][block] in ticks; Infinity where the block may not run. */
  readonly work: readonly Float64Array[]
  readonly bytes: Float64Array
  readonly netCost: Float64Array
  /** Net e joins blocks netBlock[netStart[e] .. netStart[e+1]), ascending, at least two. */
  readonly netStart: Int32Array
  readonly netBlock: Int32Array
  /** Block b is in nets blockNet[blockStart[b] .. blockStart[b+1]). */
  readonly blockStart: Int32Array
  readonly blockNet: Int32Array
}

/** Devices that can stand in for each other. */
export interface DeviceClass {
  readonly devices: readonly number[]
  /** How many of them carry a load of their own: 1 for a pool of CPUs, which share theirs evenly. */
  readonly units: number
  readonly isPool: boolean
  readonly memoryLimit: number
}

export interface LoadProblemOptions {
  /** Does an op hold its outputs besides its parameters and temporaries? Profiles whose sizes include them say no. */
  readonly countsOutputs: boolean
}

/** Device kind whose devices are cores of the host: they read what they need from its memory. */
export const cpuKind = 'cpu'

/** Where links differ, a net costs its cheapest way, so that no plan is better than the problem says. */
export function loadProblem(
  problem: SchedulingProblem,
  { countsOutputs }: LoadProblemOptions,
): { readonly loads: LoadProblem; readonly blockOf: Int32Array } {
  const { graph } = problem
  const { blockOf, blockCount } = colocationBlocks(problem)
  const classes = deviceClasses(problem)
  const work = classes.map(({ devices, isPool }) => {
    const ticks = problem.opTicks[problem.kindOf[devices[0]]]
    const sum = new Float64Array(blockCount)
    for (let op = 0; op < ticks.length; op++)
      sum[blockOf[op]] += ticks[op] < 0 ? Number.POSITIVE_INFINITY : ticks[op] / (isPool ? devices.length : 1)
    return sum
  })
  const bytes = new Float64Array(blockCount)
  opBytes(problem, countsOutputs).forEach((each, op) => {
    bytes[blockOf[op]] += each
  })
  const nets = new LoadNets()
  const cost = cheapestTransfers(problem)
  for (let t = 0; t < graph.tensorBytes.length; t++) {
    const blocks = [blockOf[graph.tensorProducer[t]]]
    for (let k = graph.consumerStart[t]; k < graph.consumerStart[t + 1]; k++) blocks.push(blockOf[graph.consumerOp[k]])
    nets.add(blocks, cost[t])
  }
  return { loads: { blockCount, classes, work, bytes, ...nets.columns(blockCount) }, blockOf }
}

/** Bytes that an op keeps on its device while microbatches stream through. */
export function opBytes({ graph }: SchedulingProblem, countsOutputs: boolean): Float64Array {
  return Float64Array.from(graph.ops, (_, op) => {
    let bytes = graph.parameterBytes[op] + graph.temporaryBytes[op]
    if (countsOutputs)
      for (let k = graph.outputStart[op]; k < graph.outputStart[op + 1]; k++)
        bytes += graph.tensorBytes[graph.outputTensor[k]]
    return bytes
  })
}

/** Blocks are numbered by their first op. */
function colocationBlocks({ graph }: SchedulingProblem): { blockOf: Int32Array; blockCount: number } {
  const blockOf = new Int32Array(graph.ops.length)
  const ofGroup = new Int32Array(graph.groupNames.length).fill(-1)
  let blockCount = 0
  for (let op = 0; op < blockOf.length; op++) {
    const group = graph.groupOf[op]
    if (group >= 0 && ofGroup[group] >= 0) blockOf[op] = ofGroup[group]
    else {
      blockOf[op] = blockCount
      if (group >= 0) ofGroup[group] = blockCount
      blockCount++
    }
  }
  return { blockOf, blockCount }
}

function deviceClasses({ cluster, kindOf, memoryLimits }: SchedulingProblem): DeviceClass[] {
  const byLikeness = new Map<string, number[]>()
  cluster.devices.forEach(({ kind }, d) => {
    const key = kind === cpuKind ? kind : `${kindOf[d]} ${memoryLimits[d]}`
    const devices = byLikeness.get(key)
    if (devices) devices.push(d)
    else byLikeness.set(key, [d])
  })
  return [...byLikeness].map(([key, devices]) => {
    const isPool = key === cpuKind
    return {
      devices,
      isPool,
      units: isPool ? 1 : devices.length,
      memoryLimit: isPool ? devices.reduce((sum, d) => sum + memoryLimits[d], 0) : memoryLimits[devices[0]],
    }
  })
}

function cheapestTransfers({ deviceCount, linkClassOf, transferTicks, graph }: SchedulingProblem): Float64Array {
  const used = new Set<number>()
  for (let from = 0; from < deviceCount; from++)
    for (let to = 0; to < deviceCount; to++) if (from !== to) used.add(linkClassOf[from * deviceCount + to])
  return graph.tensorBytes.map((_, t) =>
    used.size === 0 ? 0 : Math.min(...[...used].map((link) => transferTicks[link][t])),
  )
}
