import { workCapacity } from './bounds.js'
import type { ChunkCosts } from './chainPartition.js'
import type { IdealLattice } from './idealLattice.js'
import type { LoadProblem } from './loadProblem.js'

/**
 * Chunk loads of the throughput objective: work and, off the pool, every net that is cut. A net with a block in the floor and one in the chunk
 * stays cut however the chunk grows, so work and those nets bound the load of every larger chunk.
 * Pre: the lattice's components are the problem's blocks.
 */
export function loadCosts(
  loads: LoadProblem,
  lattice: IdealLattice,
  keepsBackwardTogether?: (isInside: (component: number) => boolean) => boolean,
): ChunkCosts {
  const { classes, work, bytes, netCost, netStart, blockStart, blockNet } = loads
  const netSize = netCost.map((_, e) => netStart[e + 1] - netStart[e])
  const below = new Int32Array(netCost.length)
  const inside = new Int32Array(netCost.length)
  const isInside = new Uint8Array(loads.blockCount)
  // Forbidden blocks are counted, so that Infinity never enters a sum that must shrink again.
  const sums = classes.map(() => ({ work: 0, forbidden: 0 }))
  let [bytesInside, cut, cutForGood] = [0, 0, 0]
  const isRefused = (k: number) => sums[k].forbidden > 0 || bytesInside > classes[k].memoryLimit
  const capacity = workCapacity(loads)
  const workLeft = workAbove(lattice, capacity.least)

  const change = (b: number, sign: 1 | -1) => {
    for (let k = 0; k < sums.length; k++) {
      if (work[k][b] === Number.POSITIVE_INFINITY) sums[k].forbidden += sign
      else sums[k].work += sign * work[k][b]
    }
    bytesInside += sign * bytes[b]
    isInside[b] = sign > 0 ? 1 : 0
    for (let i = blockStart[b]; i < blockStart[b + 1]; i++) {
      const e = blockNet[i]
      const before = inside[e]
      const after = before + sign
      inside[e] = after
      cut += netCost[e] * (isCut(after, netSize[e]) - isCut(before, netSize[e]))
      if (below[e] > 0) cutForGood += netCost[e] * ((after > 0 ? 1 : 0) - (before > 0 ? 1 : 0))
    }
  }
  const moveFloor = (b: number, sign: 1 | -1) => {
    for (let i = blockStart[b]; i < blockStart[b + 1]; i++) below[blockNet[i]] += sign
  }
  return {
    options: classes.map((_, resource) => ({ resource, amount: 1 })),
    raiseFloor: (b) => moveFloor(b, 1),
    lowerFloor: (b) => moveFloor(b, -1),
    add: (b) => change(b, 1),
    remove: (b) => change(b, -1),
    loads(_from, _to, into) {
      for (let k = 0; k < sums.length; k++)
        into[k] = isRefused(k) ? Number.POSITIVE_INFINITY : sums[k].work + (classes[k].isPool ? 0 : cut)
    },
    isHopeless: (limit) =>
      sums.every((sum, k) => isRefused(k) || sum.work + (classes[k].isPool ? 0 : cutForGood) >= limit),
    ...(keepsBackwardTogether && { isLegal: () => keepsBackwardTogether((c) => isInside[c] === 1) }),
    canFinish: (ideal, left, limit) =>
      workLeft[ideal] === 0 ||
      left.reduce((sum, units, k) => sum + units * capacity.perTick[k], 0) * limit >= workLeft[ideal],
  }
}

function isCut(inside: number, size: number): number {
  return inside > 0 && inside < size ? 1 : 0
}

/** Least work of everything outside each ideal. */
function workAbove({ count, parent, last }: IdealLattice, least: Float64Array): Float64Array {
  const above = new Float64Array(count)
  for (let c = 0; c < least.length; c++) above[0] += least[c]
  for (let i = 1; i < count; i++) above[i] = above[parent[i]] - least[last[i]]
  return above
}
