import { mergeSets } from './contract.js'
import type { LoadProblem } from './loadProblem.js'

/** A net with more blocks than this ties nothing together. */
const largestNet = 16

/**
 * Merges blocks along the dearest nets first, until `target` are left or nothing may grow further. `heaviest`: most work of a merged block.
 */
export function coarsen(
  loads: LoadProblem,
  least: Float64Array,
  target: number,
  heaviest: number,
): { readonly mergedOf: Int32Array; readonly mergedCount: number } {
  const { netCost, netStart, netBlock, blockCount, bytes, classes } = loads
  const roomiest = classes.reduce((most, { memoryLimit }) => Math.max(most, memoryLimit), 0)
  const sets = mergeSets(blockCount)
  const weight = least.slice()
  const size = bytes.slice()
  const dearest = Array.from(netCost, (_, e) => e).sort((a, b) => netCost[b] - netCost[a] || a - b)
  let count = blockCount
  for (const e of dearest) {
    if (count <= target) break
    if (netStart[e + 1] - netStart[e] > largestNet) continue
    for (let k = netStart[e] + 1; k < netStart[e + 1]; k++) {
      const [a, b] = [sets.root(netBlock[netStart[e]]), sets.root(netBlock[k])]
      if (a === b || weight[a] + weight[b] > heaviest || size[a] + size[b] > roomiest) continue
      sets.join(a, b)
      const kept = Math.min(a, b)
      weight[kept] = weight[a] + weight[b]
      size[kept] = size[a] + size[b]
      count--
    }
  }
  return sets.merged()
}
