import type { SchedulingProblem } from './problem.js'

/**
 * Upward rank of each op in ticks: the longest way from its start to the end of the graph, each op at its mean time over the devices
 * that may run it and each tensor at `transferWeight` times its mean transfer over all device pairs (1: with communication as in HEFT,
 * Topcuoglu et al., TPDS 2002; 0: without).
 */
export function upwardRanks(problem: SchedulingProblem, transferWeight: number): Float64Array {
  const { graph } = problem
  const opMean = meanOpTicks(problem)
  const transferMean = transferWeight === 0 ? undefined : meanTransferTicks(problem)
  const rank = new Float64Array(graph.ops.length)
  const { topologicalOrder, outStart, edgeTo, edgeTensor } = graph
  for (let k = topologicalOrder.length - 1; k >= 0; k--) {
    const op = topologicalOrder[k]
    let longest = 0
    for (let e = outStart[op]; e < outStart[op + 1]; e++) {
      const tensor = edgeTensor[e]
      const way = rank[edgeTo[e]] + (tensor >= 0 && transferMean ? transferWeight * transferMean[tensor] : 0)
      if (way > longest) longest = way
    }
    rank[op] = opMean[op] + longest
  }
  return rank
}

/** Mean ticks of each op over the devices that may run it. */
export function meanOpTicks({ graph, opTicks, kindOf, deviceCount }: SchedulingProblem): Float64Array {
  const devicesOfKind = new Float64Array(opTicks.length)
  for (let d = 0; d < deviceCount; d++) devicesOfKind[kindOf[d]]++
  const mean = new Float64Array(graph.ops.length)
  for (let op = 0; op < mean.length; op++) {
    let total = 0
    let devices = 0
    for (let k = 0; k < opTicks.length; k++) {
      if (opTicks[k][op] < 0) continue
      total += opTicks[k][op] * devicesOfKind[k]
      devices += devicesOfKind[k]
    }
    mean[op] = devices ? total / devices : 0
  }
  return mean
}

/** Mean ticks of each tensor's transfer over all ordered pairs of distinct devices; 0 on one device. */
export function meanTransferTicks({ graph, linkClassOf, transferTicks, deviceCount }: SchedulingProblem): Float64Array {
  const pairsOfClass = new Float64Array(transferTicks.length)
  for (let a = 0; a < deviceCount; a++)
    for (let b = 0; b < deviceCount; b++) if (a !== b) pairsOfClass[linkClassOf[a * deviceCount + b]]++
  const pairs = deviceCount * (deviceCount - 1)
  const mean = new Float64Array(graph.tensorBytes.length)
  if (pairs === 0) return mean
  for (let c = 0; c < transferTicks.length; c++) {
    const share = pairsOfClass[c] / pairs
    if (share > 0) for (let t = 0; t < mean.length; t++) mean[t] += share * transferTicks[c][t]
  }
  return mean
}
