import type { Partition } from './anneal.js'
import { workCapacity } from './bounds.js'
import { contract, mergeSets } from './contract.js'
import type { LoadProblem } from './loadProblem.js'
import { unitClasses } from './partitionState.js'

export interface ExhaustiveResult {
  /** A better partition than the limit, if there is one. */
  readonly better?: Partition
  /** Everything was looked at: the better partition, or else the limit, is the optimum. */
  readonly isProved: boolean
}

/** Units are the bits of a word. */
const mostUnits = 31

/**
 * Branch and bound over the unit of each block, heaviest first, for loads strictly below the limit. A branch ends when a unit's work and the nets
 * that are certainly cut reach the limit, or when the work left exceeds the room left. Units of a class that are still empty are alike: one is tried.
 * Nets that cost the limit or more are not cut in any better plan (of two units that share a net one is no pool and pays), so their blocks merge.
 */
export function exhaustive(loads: LoadProblem, limit: number, mostNodes: number): ExhaustiveResult {
  const merging = mergeUncuttable(loads, limit)
  const merged = contract(loads, merging.mergedOf, merging.mergedCount)
  const classOf = unitClasses(merged)
  if (classOf.length > mostUnits) return { isProved: false }
  const search = new Search(merged, classOf, limit, mostNodes)
  search.assign(0)
  const { best, nodes } = search
  return {
    ...(best && { better: { unitOf: merging.mergedOf.map((c) => best.unitOf[c]), load: best.load } }),
    isProved: nodes < mostNodes,
  }
}

function mergeUncuttable({ blockCount, netCost, netStart, netBlock }: LoadProblem, limit: number) {
  const sets = mergeSets(blockCount)
  for (let e = 0; e < netCost.length; e++)
    if (netCost[e] >= limit)
      for (let k = netStart[e] + 1; k < netStart[e + 1]; k++) sets.join(netBlock[netStart[e]], netBlock[k])
  return sets.merged()
}

class Search {
  best: Partition | undefined
  nodes = 0
  private readonly order: number[]
  private readonly workFrom: Float64Array
  private readonly perTick: Float64Array
  private readonly unitOf: Int32Array
  private readonly load: Float64Array
  private readonly bytes: Float64Array
  private readonly blocksOn: Int32Array
  /** Units that each net touches so far. */
  private readonly touched: Int32Array

  constructor(
    private readonly loads: LoadProblem,
    private readonly classOf: Int32Array,
    private limit: number,
    private readonly mostNodes: number,
  ) {
    const { least, perTick } = workCapacity(loads)
    this.perTick = perTick
    this.order = Array.from(least, (_, b) => b).sort((a, b) => least[b] - least[a] || a - b)
    this.workFrom = new Float64Array(loads.blockCount + 1)
    for (let i = loads.blockCount - 1; i >= 0; i--) this.workFrom[i] = this.workFrom[i + 1] + least[this.order[i]]
    this.unitOf = new Int32Array(loads.blockCount)
    this.load = new Float64Array(classOf.length)
    this.bytes = new Float64Array(classOf.length)
    this.blocksOn = new Int32Array(classOf.length)
    this.touched = new Int32Array(loads.netCost.length)
  }

  assign(depth: number): void {
    if (depth === this.order.length) {
      this.limit = this.load.reduce((most, each) => Math.max(most, each), 0)
      this.best = { unitOf: this.unitOf.slice(), load: this.limit }
      return
    }
    const block = this.order[depth]
    for (let u = 0; u < this.classOf.length && this.nodes < this.mostNodes; u++) {
      if (u > 0 && this.blocksOn[u] === 0 && this.blocksOn[u - 1] === 0 && this.classOf[u] === this.classOf[u - 1])
        continue
      if (this.loads.work[this.classOf[u]][block] === Number.POSITIVE_INFINITY) continue
      this.nodes++
      const loadBefore = this.load.slice()
      const touchedBefore = this.place(block, u)
      if (this.isOpen(depth + 1, u)) this.assign(depth + 1)
      this.load.set(loadBefore)
      this.takeBack(block, u, touchedBefore)
    }
  }

  private isOpen(depth: number, unit: number): boolean {
    const { classes } = this.loads
    if (this.bytes[unit] > classes[this.classOf[unit]].memoryLimit) return false
    let room = 0
    for (let u = 0; u < this.load.length; u++) {
      if (this.load[u] >= this.limit) return false
      room += (this.limit - this.load[u]) * this.perTick[this.classOf[u]]
    }
    return this.workFrom[depth] === 0 || room >= this.workFrom[depth]
  }

  private place(block: number, unit: number): Int32Array {
    const { blockStart, blockNet, netCost, work, bytes } = this.loads
    const from = blockStart[block]
    const before = Int32Array.from({ length: blockStart[block + 1] - from }, (_, i) => this.touched[blockNet[from + i]])
    this.unitOf[block] = unit
    this.blocksOn[unit]++
    this.bytes[unit] += bytes[block]
    this.load[unit] += work[this.classOf[unit]][block]
    before.forEach((was, i) => {
      const e = blockNet[from + i]
      const now = was | (1 << unit)
      if (was === 0 || now === was) {
        this.touched[e] = now
        return
      }
      this.touched[e] = now
      this.pay(unit, netCost[e])
      // The one unit that had the net to itself pays from now on.
      if ((was & (was - 1)) === 0) this.pay(31 - Math.clz32(was), netCost[e])
    })
    return before
  }

  private pay(unit: number, cost: number): void {
    if (!this.loads.classes[this.classOf[unit]].isPool) this.load[unit] += cost
  }

  private takeBack(block: number, unit: number, touchedBefore: Int32Array): void {
    const { blockStart, blockNet, bytes } = this.loads
    this.blocksOn[unit]--
    this.bytes[unit] -= bytes[block]
    touchedBefore.forEach((was, i) => {
      this.touched[blockNet[blockStart[block] + i]] = was
    })
  }
}
