import type { SchedulingProblem } from '../../schedule/index.js'
import type { Network } from './network.js'
import type { TwoWays } from './twoWays.js'
import { unionFind } from './unionFind.js'

/**
 * Transfers that memory forces. What ops joined by tensors must hold to the end of the step (parameters, outputs without a reader) may be more than
 * any device holds. Then one of their tensors crosses, and the step takes at least the shortest way through such a crossing.
 * Holds for steps of some length: at least one op takes time on every device.
 */
export function memorySplit(
  { graph, memoryLimits }: SchedulingProblem,
  { network, forward, backward }: TwoWays,
): number {
  const { count, inStart, inFrom, inTensor, tensorTicks, leastTicks } = network
  const componentOf = components(network)
  const bytes = new Float64Array(count)
  for (let op = 0; op < count; op++) {
    bytes[componentOf[op]] += graph.parameterBytes[op]
    // An op of no time at the very end of the step would hold its output for no time.
    if (leastTicks[op] <= 0) continue
    for (let k = graph.outputStart[op]; k < graph.outputStart[op + 1]; k++) {
      const tensor = graph.outputTensor[k]
      const isRead = graph.consumerStart[tensor] < graph.consumerStart[tensor + 1]
      if (!isRead) bytes[componentOf[op]] += graph.tensorBytes[tensor]
    }
  }
  const crossing = new Float64Array(count).fill(Number.POSITIVE_INFINITY)
  for (let op = 0; op < count; op++)
    for (let e = inStart[op]; e < inStart[op + 1]; e++) {
      if (inTensor[e] < 0) continue
      const way = forward.end[inFrom[e]] + tensorTicks[inTensor[e]] + backward.end[op]
      if (way < crossing[componentOf[op]]) crossing[componentOf[op]] = way
    }
  const room = memoryLimits.reduce((most, limit) => Math.max(most, limit), 0)
  let longest = 0
  crossing.forEach((way, c) => {
    if (bytes[c] > room && way < Number.POSITIVE_INFINITY && way > longest) longest = way
  })
  return longest
}

/** Number of each op's component, joined by tensors only. */
function components({ count, inStart, inFrom, inTensor }: Network): Int32Array {
  const { find, join } = unionFind(count)
  for (let op = 0; op < count; op++)
    for (let e = inStart[op]; e < inStart[op + 1]; e++) if (inTensor[e] >= 0) join(inFrom[e], op)
  return Int32Array.from({ length: count }, (_, op) => find(op))
}
