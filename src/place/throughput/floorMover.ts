import type { ChunkCosts } from './chainPartition.js'
import type { IdealLattice } from './idealLattice.js'

/** Keeps the costs' floor at one ideal, moving through as few components as the parents allow. */
export function floorMover(
  { size, parent, last }: IdealLattice,
  costs: Pick<ChunkCosts, 'raiseFloor' | 'lowerFloor'>,
): (ideal: number) => void {
  let at = 0
  return (ideal) => {
    const up: number[] = []
    let target = ideal
    while (at !== target) {
      if (size[target] >= size[at]) {
        up.push(last[target])
        target = parent[target]
      } else {
        costs.lowerFloor(last[at])
        at = parent[at]
      }
    }
    for (let k = up.length - 1; k >= 0; k--) costs.raiseFloor(up[k])
    at = ideal
  }
}
