import type { LoadProblem } from './loadProblem.js'
import { flowNetwork } from './minimumCut.js'

/** A load that no plan is below, and which argument gives it. */
export interface LoadBound {
  readonly ticks: number
  readonly argument: 'work' | 'cut' | 'exhaustion'
}

/** The networks of so many blocks, the ones of most work, are solved for the cut bound. */
const mostSeeds = 48

/** The greater of the work bound and the cut bound. */
export function loadBound(loads: LoadProblem): LoadBound {
  const { least, perTick } = workCapacity(loads)
  const total = least.reduce((sum, ticks) => sum + ticks, 0)
  const speed = loads.classes.reduce((sum, { units }, k) => sum + units * perTick[k], 0)
  const work = speed > 0 ? total / speed : 0
  const cut = cutBound(loads, least)
  return cut > work ? { ticks: cut, argument: 'cut' } : { ticks: work, argument: 'work' }
}

/**
 * Work as every class sees it: `least` is a block's work where it takes least; a unit of class k does at most perTick[k] of that in a tick.
 * So no plan is below sum(least) / sum over units of perTick.
 */
export function workCapacity({ blockCount, classes, work }: LoadProblem): {
  readonly least: Float64Array
  readonly perTick: Float64Array
} {
  const least = Float64Array.from({ length: blockCount }, (_, b) => Math.min(...work.map((column) => column[b])))
  const perTick = Float64Array.from(classes, (_, k) => {
    let most = 0
    for (let b = 0; b < blockCount; b++) if (least[b] > 0) most = Math.max(most, least[b] / work[k][b])
    return most
  })
  return { least, perTick }
}

/**
 * Some unit holds block b. On the pool that costs the block's work there; on a device at least the least of work + cut nets over all sets with b:
 * a least cut between b and a sink to which each block pays its work, where a net is two nodes joined by its cost.
 */
function cutBound(loads: LoadProblem, least: Float64Array): number {
  const { blockCount, classes, work, netCost, netStart, netBlock } = loads
  const devices = classes.flatMap(({ isPool }, k) => (isPool ? [] : [k]))
  const pools = classes.flatMap(({ isPool }, k) => (isPool ? [k] : []))
  if (devices.length === 0 || netCost.length > mostNets) return 0
  const sink = blockCount + 2 * netCost.length
  const network = flowNetwork(sink + 1)
  for (let b = 0; b < blockCount; b++) {
    const ticks = Math.min(...devices.map((k) => work[k][b]))
    if (ticks > 0) network.arc(b, sink, ticks)
  }
  for (let e = 0; e < netCost.length; e++) {
    const [enter, leave] = [blockCount + 2 * e, blockCount + 2 * e + 1]
    network.arc(enter, leave, netCost[e])
    for (let k = netStart[e]; k < netStart[e + 1]; k++) {
      network.arc(netBlock[k], enter, Number.POSITIVE_INFINITY)
      network.arc(leave, netBlock[k], Number.POSITIVE_INFINITY)
    }
  }
  const heaviest = Array.from(least, (_, b) => b).sort((a, b) => least[b] - least[a] || a - b)
  let bound = 0
  for (const b of heaviest.slice(0, mostSeeds)) {
    const elsewhere = Math.min(Number.POSITIVE_INFINITY, ...pools.map((k) => work[k][b]))
    if (elsewhere <= bound) continue
    bound = Math.max(bound, Math.min(elsewhere, network.leastCut(b, sink).value))
  }
  return bound
}

/** Above, least cuts take too long to be worth their bound. */
const mostNets = 4000
