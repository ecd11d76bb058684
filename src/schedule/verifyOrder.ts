import { Problems } from '../errors/index.js'
import type { SchedulingProblem } from './problem.js'
import type { CommitOrder } from './schedule.js'

/**
 * Checks that a placement can be replayed. Throws E601 for a device that does not exist, cannot run its op or splits a colocation group,
 * E602 for an order that misses or repeats an op, runs it before a predecessor, or lists a transfer that is early, repeated or needless.
 */
export function verifyOrder(problem: SchedulingProblem, deviceOf: Int32Array, order: CommitOrder): void {
  const problems = new Problems()
  verifyDevices(problem, deviceOf, problems)
  problems.throwIfAny()
  verifySequence(problem, deviceOf, order, problems)
  problems.throwIfAny()
}

/** The half of `verifyOrder` that a map without order needs. */
export function verifyDevices(problem: SchedulingProblem, deviceOf: Int32Array, problems: Problems): void {
  const { graph, deviceCount, opTicks, kindOf, cluster } = problem
  const groupFirst = new Int32Array(graph.groupNames.length).fill(-1)
  for (let op = 0; op < graph.ops.length; op++) {
    const device = deviceOf[op]
    const where = `op ${graph.ops[op].name}`
    if (!(device >= 0 && device < deviceCount)) {
      problems.add('E601', `${graph.ops[op].name} is placed on device ${device}`, {
        where,
        expected: `a device from 0 to ${deviceCount - 1}`,
      })
      continue
    }
    if (opTicks[kindOf[device]][op] < 0)
      problems.add('E601', `${graph.ops[op].name} cannot run on device ${device}, a ${cluster.devices[device].kind}`, {
        where,
      })
    const group = graph.groupOf[op]
    if (group < 0) continue
    const first = groupFirst[group]
    if (first < 0) groupFirst[group] = op
    else if (deviceOf[first] !== device)
      problems.add('E601', `colocation group ${graph.groupNames[group]} is split`, {
        where,
        expected: `device ${deviceOf[first]}, as ${graph.ops[first].name}`,
        found: `device ${device}`,
      })
  }
}

function verifySequence(
  problem: SchedulingProblem,
  deviceOf: Int32Array,
  order: CommitOrder,
  problems: Problems,
): void {
  const { graph } = problem
  const committed = new Uint8Array(graph.ops.length)
  const moved = new Set<string>()
  for (let k = 0; k < order.item.length; k++) {
    const where = `order entry ${k}`
    const item = order.item[k]
    if (order.to[k] >= 0) {
      verifyTransfer(problem, deviceOf, committed, moved, item, order.to[k], where, problems)
      continue
    }
    const { name } = graph.ops[item]
    if (committed[item]) problems.add('E602', `${name} is listed twice`, { where })
    committed[item] = 1
    for (let j = graph.inStart[item]; j < graph.inStart[item + 1]; j++) {
      const edge = graph.inEdge[j]
      const from = graph.edgeFrom[edge]
      if (!committed[from])
        problems.add('E602', `${name} stands before its predecessor ${graph.ops[from].name}`, { where })
      const tensor = graph.edgeTensor[edge]
      if (tensor >= 0 && deviceOf[from] !== deviceOf[item]) moved.add(`${tensor}>${deviceOf[item]}`)
    }
  }
  for (let op = 0; op < committed.length; op++)
    if (!committed[op]) problems.add('E602', `${graph.ops[op].name} is missing from the order`, { where: 'order' })
}

function verifyTransfer(
  { graph }: SchedulingProblem,
  deviceOf: Int32Array,
  committed: Uint8Array,
  moved: Set<string>,
  tensor: number,
  to: number,
  where: string,
  problems: Problems,
): void {
  const what = `the transfer of ${graph.tensorNames[tensor]} to device ${to}`
  const producer = graph.tensorProducer[tensor]
  if (!committed[producer])
    problems.add('E602', `${what} stands before its producer ${graph.ops[producer].name}`, { where })
  if (moved.has(`${tensor}>${to}`))
    problems.add('E602', `${what} is not needed, or stands behind a consumer`, { where })
  moved.add(`${tensor}>${to}`)
  let isNeeded = false
  for (let k = graph.consumerStart[tensor]; k < graph.consumerStart[tensor + 1]; k++)
    isNeeded ||= deviceOf[graph.consumerOp[k]] === to
  if (!isNeeded || deviceOf[producer] === to) problems.add('E602', `${what} serves no op there`, { where })
}
