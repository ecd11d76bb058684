import { opOrder, replay, type SchedulingProblem } from '../../src/schedule/index.js'

/**
 * The least makespan over every map and every order of ops, transfers just before their first consumer: an upper bound on the optimum that is the
 * optimum but for the order of transfers. For graphs of a few ops.
 */
export function leastMakespan(problem: SchedulingProblem): number {
  const { graph, deviceCount } = problem
  const count = graph.ops.length
  const orders: Int32Array[] = []
  const extend = (order: readonly number[]) => {
    if (order.length === count) orders.push(Int32Array.from(order))
    for (let op = 0; op < count; op++) {
      if (order.includes(op)) continue
      const before = graph.inEdge.subarray(graph.inStart[op], graph.inStart[op + 1])
      if (before.every((edge) => order.includes(graph.edgeFrom[edge]))) extend([...order, op])
    }
  }
  extend([])
  let least = Number.POSITIVE_INFINITY
  for (let map = 0; map < deviceCount ** count; map++) {
    const deviceOf = Int32Array.from({ length: count }, (_, op) => Math.floor(map / deviceCount ** op) % deviceCount)
    if (!isAllowed(problem, deviceOf)) continue
    for (const order of orders) least = Math.min(least, replay(problem, deviceOf, opOrder(order)).makespan)
  }
  return least
}

function isAllowed({ graph, opTicks, kindOf }: SchedulingProblem, deviceOf: Int32Array): boolean {
  return deviceOf.every(
    (device, op) =>
      opTicks[kindOf[device]][op] >= 0 &&
      deviceOf.every((d, other) => graph.groupOf[op] < 0 || graph.groupOf[op] !== graph.groupOf[other] || d === device),
  )
}
