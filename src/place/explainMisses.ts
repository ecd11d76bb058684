import { fail, formatBytes } from '../errors/index.js'
import type { SchedulingProblem } from '../schedule/index.js'

import type { NearestMiss } from './placement.js'

/** Throws E301 with the miss that came nearest: most ops placed, then least bytes over. No arithmetic proves that none exists; the message says so. */
export function explainMisses(problem: SchedulingProblem, misses: readonly NearestMiss[]): never {
  const { graph, memoryLimits, cluster } = problem
  const [nearest] = [...misses].sort((a, b) => b.placedOps - a.placedOps || a.excessBytes - b.excessBytes)
  const { placer, op, device, excessBytes, placedOps } = nearest
  const permanent = graph.parameterBytes.reduce((sum, bytes) => sum + bytes, 0)
  const subject = op < 0 ? 'the finished schedule' : `${graph.ops[op].name} (${graph.ops[op].type})`
  return fail('E301', `no placer found a plan within ${formatBytes(memoryLimits[device])} on device ${device}`, {
    where: `cluster ${cluster.name}, ${memoryLimits.length} devices; model ${graph.name}, ${graph.ops.length} ops`,
    expected: `peak at most ${formatBytes(memoryLimits[device])}`,
    found: `closest: ${placer} placed ${placedOps} of ${graph.ops.length} ops; ${subject} is ${formatBytes(excessBytes)} over on device ${device} (parameters of the whole graph: ${formatBytes(permanent)})`,
    fix: `raise the limit by ${formatBytes(excessBytes)} and try again, add a device, or lower the batch`,
  })
}
