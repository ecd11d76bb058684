import type { SchedulingProblem } from '../../schedule/index.js'

/**
 * What the bounds know of a problem, in one direction of time: least durations, arcs, groups. Mirrored, ops follow their consumers and the
 * same arguments bound the time from an op's end to the end of the step (FORMATS' rules are the same in both directions of time).
 */
export interface Network {
  readonly count: number
  readonly deviceCount: number
  /** kindTicks[kind][op], negative where it may not run. */
  readonly kindTicks: readonly Float64Array[]
  /** Of the fastest kind that may run the op. */
  readonly leastTicks: Float64Array
  readonly order: Int32Array
  /** Arcs that enter op i: inFrom[inStart[i] .. inStart[i+1]), with the tensor (-1: control). */
  readonly inStart: Int32Array
  readonly inFrom: Int32Array
  readonly inTensor: Int32Array
  /** Least ticks of a tensor's transfer over any link; endless on one device. */
  readonly tensorTicks: Float64Array
  readonly groupOf: Int32Array
  /** Whether transfers of one device exclude each other: those in one direction, or all. */
  readonly excludes: 'none' | 'direction' | 'all'
  /** Whether several arcs into an op may carry one tensor: in mirrored time, where they come from its readers. */
  readonly spreads: boolean
}

export function networkOf(problem: SchedulingProblem): Network {
  const { graph, deviceCount, opTicks, transfers } = problem
  const inArcs = graph.inEdge.length
  return {
    count: graph.ops.length,
    deviceCount,
    kindTicks: opTicks,
    leastTicks: leastOver(opTicks, graph.ops.length),
    order: graph.topologicalOrder,
    inStart: graph.inStart,
    inFrom: Int32Array.from({ length: inArcs }, (_, k) => graph.edgeFrom[graph.inEdge[k]]),
    inTensor: Int32Array.from({ length: inArcs }, (_, k) => graph.edgeTensor[graph.inEdge[k]]),
    tensorTicks: leastTransfers(problem),
    groupOf: graph.groupOf,
    excludes: transfers === 'uncontended' ? 'none' : transfers === 'half-duplex' ? 'all' : 'direction',
    spreads: false,
  }
}

/** The same network with time reversed. */
export function mirrored(network: Network, { graph }: SchedulingProblem): Network {
  return {
    ...network,
    order: network.order.slice().reverse(),
    inStart: graph.outStart,
    inFrom: graph.edgeTo,
    inTensor: graph.edgeTensor,
    spreads: true,
  }
}

function leastOver(columns: readonly Float64Array[], length: number): Float64Array {
  const least = new Float64Array(length).fill(Number.POSITIVE_INFINITY)
  for (const column of columns)
    for (let k = 0; k < length; k++) if (column[k] >= 0 && column[k] < least[k]) least[k] = column[k]
  return least
}

function leastTransfers({ graph, transferTicks, linkClassOf, deviceCount }: SchedulingProblem): Float64Array {
  const used = new Set<number>()
  for (let a = 0; a < deviceCount; a++)
    for (let b = 0; b < deviceCount; b++) if (a !== b) used.add(linkClassOf[a * deviceCount + b])
  return leastOver(
    [...used].map((c) => transferTicks[c]),
    graph.tensorBytes.length,
  )
}
