import type { Partition } from './anneal.js'
import type { LoadProblem } from './loadProblem.js'
import { largestLoad, partitionState, unitClasses } from './partitionState.js'

/** Largest blocks first, each to the unit with room whose work it brings least high; to the roomiest one when none has room. */
export function firstFit(loads: LoadProblem): Partition {
  const { work, bytes, classes, blockCount } = loads
  const classOf = unitClasses(loads)
  const unitOf = new Int32Array(blockCount)
  const busy = new Float64Array(classOf.length)
  const held = new Float64Array(classOf.length)
  const order = Array.from(bytes, (_, b) => b).sort((a, b) => bytes[b] - bytes[a] || a - b)
  for (const b of order) {
    let best = 0
    let bestKey = [Number.POSITIVE_INFINITY, Number.POSITIVE_INFINITY]
    for (let u = 0; u < classOf.length; u++) {
      const over = Math.max(0, held[u] + bytes[b] - classes[classOf[u]].memoryLimit)
      const after = busy[u] + work[classOf[u]][b]
      if (after === Number.POSITIVE_INFINITY || over > bestKey[0] || (over === bestKey[0] && after >= bestKey[1]))
        continue
      best = u
      bestKey = [over, after]
    }
    unitOf[b] = best
    busy[best] += work[classOf[best]][b]
    held[best] += bytes[b]
  }
  return { unitOf, load: largestLoad(partitionState(loads, unitOf)) }
}
