import { formatBytes, Problems } from '../../errors/index.js'
import type { SchedulingProblem } from '../../schedule/index.js'
import type { LoadProblem } from './loadProblem.js'

/**
 * Throws when arithmetic proves that no plan exists: a block that no class of devices may run (E303) or that is larger than any that may (E302),
 * or all blocks together larger than all devices (E301).
 */
export function checkLoads({ graph, cluster }: SchedulingProblem, loads: LoadProblem, blockOf: Int32Array): void {
  const { classes, work, bytes, blockCount } = loads
  const problems = new Problems()
  const seen = new Uint8Array(blockCount)
  for (let op = 0; op < blockOf.length; op++) {
    const b = blockOf[op]
    if (seen[b]++) continue
    const group = graph.groupOf[op]
    const where = group < 0 ? `op ${graph.ops[op].name}` : `colocation group ${graph.groupNames[group]}`
    const able = classes.filter((_, k) => work[k][b] < Number.POSITIVE_INFINITY)
    const room = Math.max(...able.map(({ memoryLimit }) => memoryLimit))
    if (able.length === 0)
      problems.add('E303', 'no device may run it', { where, fix: 'split the group or widen deviceKinds' })
    else if (bytes[b] > room)
      problems.add('E302', `it alone needs ${formatBytes(bytes[b])}`, {
        where,
        expected: `at most ${formatBytes(room)}, the largest limit among devices that may run it`,
        fix: `a device with ${formatBytes(bytes[b] - room)} more`,
      })
  }
  problems.throwIfAny()
  const needed = bytes.reduce((sum, each) => sum + each, 0)
  const room = classes.reduce((sum, { units, memoryLimit }) => sum + units * memoryLimit, 0)
  if (needed > room)
    problems.add('E301', `the model needs ${formatBytes(needed)} in all`, {
      where: `${cluster.devices.length} devices with ${formatBytes(room)} in all`,
      found: `${formatBytes(needed - room)} over`,
      fix: 'add a device or raise the limit',
    })
  problems.throwIfAny()
}
