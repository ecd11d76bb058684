import type { LoadProblem } from './loadProblem.js'

/** Collects nets: those that join the same blocks become one, those within a block or free of cost none. */
export class LoadNets {
  private readonly byBlocks = new Map<string, number>()
  private readonly cost: number[] = []
  private readonly blocksOf: Int32Array[] = []

  add(blocks: readonly number[], cost: number): void {
    const distinct = Int32Array.from(new Set(blocks)).sort()
    if (distinct.length < 2 || !(cost > 0)) return
    const key = distinct.join()
    const known = this.byBlocks.get(key)
    if (known !== undefined) this.cost[known] += cost
    else {
      this.byBlocks.set(key, this.cost.length)
      this.cost.push(cost)
      this.blocksOf.push(distinct)
    }
  }

  columns(blockCount: number): Pick<LoadProblem, 'netCost' | 'netStart' | 'netBlock' | 'blockStart' | 'blockNet'> {
    const netStart = new Int32Array(this.cost.length + 1)
    this.blocksOf.forEach((blocks, e) => {
      netStart[e + 1] = netStart[e] + blocks.length
    })
    const netBlock = new Int32Array(netStart[this.cost.length])
    const blockStart = new Int32Array(blockCount + 1)
    this.blocksOf.forEach((blocks, e) => {
      netBlock.set(blocks, netStart[e])
      for (const b of blocks) blockStart[b + 1]++
    })
    for (let b = 0; b < blockCount; b++) blockStart[b + 1] += blockStart[b]
    const fill = blockStart.slice()
    const blockNet = new Int32Array(netBlock.length)
    this.blocksOf.forEach((blocks, e) => {
      for (const b of blocks) blockNet[fill[b]++] = e
    })
    return { netCost: Float64Array.from(this.cost), netStart, netBlock, blockStart, blockNet }
  }
}
