import { LoadNets } from './loadNets.js'
import type { LoadProblem } from './loadProblem.js'

/** The problem with blocks merged: `mergedOf[block]` are numbers 0 .. mergedCount-1. */
export function contract(loads: LoadProblem, mergedOf: Int32Array, mergedCount: number): LoadProblem {
  const sumOf = (column: Float64Array) => {
    const sum = new Float64Array(mergedCount)
    for (let b = 0; b < mergedOf.length; b++) sum[mergedOf[b]] += column[b]
    return sum
  }
  const nets = new LoadNets()
  for (let e = 0; e < loads.netCost.length; e++) {
    const blocks: number[] = []
    for (let k = loads.netStart[e]; k < loads.netStart[e + 1]; k++) blocks.push(mergedOf[loads.netBlock[k]])
    nets.add(blocks, loads.netCost[e])
  }
  return {
    blockCount: mergedCount,
    classes: loads.classes,
    work: loads.work.map(sumOf),
    bytes: sumOf(loads.bytes),
    ...nets.columns(mergedCount),
  }
}

/** Sets of blocks that must stay together, joined pair by pair; `merged` numbers them by their first block. */
export function mergeSets(count: number): {
  root(block: number): number
  /** The smaller root becomes the root of both. */
  join(a: number, b: number): void
  merged(): { readonly mergedOf: Int32Array; readonly mergedCount: number }
} {
  const parent = Int32Array.from({ length: count }, (_, b) => b)
  const root = (b: number): number => {
    let at = b
    while (parent[at] !== at) {
      parent[at] = parent[parent[at]]
      at = parent[at]
    }
    return at
  }
  return {
    root,
    join(a, b) {
      const [x, y] = [root(a), root(b)]
      if (x !== y) parent[Math.max(x, y)] = Math.min(x, y)
    },
    merged() {
      const mergedOf = new Int32Array(count)
      let mergedCount = 0
      for (let b = 0; b < count; b++) mergedOf[b] = root(b) === b ? mergedCount++ : mergedOf[root(b)]
      return { mergedOf, mergedCount }
    },
  }
}
