import type { SchedulingProblem } from '../../schedule/index.js'
import type { LoadProblem } from './loadProblem.js'
import { unitClasses } from './partitionState.js'

/** Devices of ops from units of blocks; the pool's blocks are spread over its CPUs by their work. */
export function deviceMap(
  problem: SchedulingProblem,
  loads: LoadProblem,
  blockOf: Int32Array,
  unitOf: Int32Array,
): Int32Array {
  const { classes, work, blockCount } = loads
  const firstUnit: number[] = []
  const classOf = unitClasses(loads)
  classOf.forEach((k, u) => {
    firstUnit[k] ??= u
  })
  const deviceOfBlock = new Int32Array(blockCount)
  const busy = new Float64Array(problem.deviceCount)
  for (let b = 0; b < blockCount; b++) {
    const k = classOf[unitOf[b]]
    const { devices, isPool } = classes[k]
    deviceOfBlock[b] = isPool
      ? devices.reduce((idlest, d) => (busy[d] < busy[idlest] ? d : idlest))
      : devices[unitOf[b] - firstUnit[k]]
    busy[deviceOfBlock[b]] += work[k][b]
  }
  return blockOf.map((b) => deviceOfBlock[b])
}
