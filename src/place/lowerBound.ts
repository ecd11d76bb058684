import type { SchedulingProblem } from '../schedule/index.js'

/** A step time that no placement can beat, and which argument gives it. */
export interface LowerBound {
  readonly ticks: number
  readonly argument: 'critical-path' | 'work' | 'colocation'
}

/**
 * The greatest of: the longest chain with each op on its fastest device and free transfers; all work spread evenly over the devices, each op at
 * its fastest; the work of one colocation group, which shares a device.
 */
export function certify(problem: SchedulingProblem): LowerBound {
  const { graph, deviceCount } = problem
  const least = leastOpTicks(problem)
  const bounds: LowerBound[] = [
    { ticks: longestChain(problem, least), argument: 'critical-path' },
    { ticks: Math.ceil(least.reduce((sum, ticks) => sum + ticks, 0) / deviceCount), argument: 'work' },
  ]
  const groupTicks = new Float64Array(graph.groupNames.length)
  for (let op = 0; op < least.length; op++) if (graph.groupOf[op] >= 0) groupTicks[graph.groupOf[op]] += least[op]
  for (const ticks of groupTicks) bounds.push({ ticks, argument: 'colocation' })
  return bounds.reduce((best, bound) => (bound.ticks > best.ticks ? bound : best))
}

function leastOpTicks({ graph, opTicks }: SchedulingProblem): Float64Array {
  return Float64Array.from({ length: graph.ops.length }, (_, op) => {
    let least = Number.POSITIVE_INFINITY
    for (const column of opTicks) if (column[op] >= 0 && column[op] < least) least = column[op]
    return least
  })
}

function longestChain({ graph }: SchedulingProblem, ticks: Float64Array): number {
  const start = new Float64Array(ticks.length)
  let longest = 0
  for (const op of graph.topologicalOrder) {
    const end = start[op] + ticks[op]
    if (end > longest) longest = end
    for (let e = graph.outStart[op]; e < graph.outStart[op + 1]; e++)
      if (end > start[graph.edgeTo[e]]) start[graph.edgeTo[e]] = end
  }
  return longest
}
