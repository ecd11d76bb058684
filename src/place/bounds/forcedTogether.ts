import { fluidLoad } from './fluidLoad.js'
import { heads } from './heads.js'
import { longestWay } from './longestWay.js'
import { starts, type TwoWays } from './twoWays.js'
import { unionFind } from './unionFind.js'

const mostHalvings = 24
const mostRounds = 4
/** Branches per op when heads are worked out anew. */
const renewalNodes = 256

/**
 * What cannot be apart. Within a step of T ticks an op and its reader share a device if the way through the tensor's transfer (earliest end of
 * the one, transfer, the other, least tail) is longer than T, or if they share a colocation group. Such ops form clusters, each on one
 * device; when one device cannot run a cluster within T given the heads and tails, no step of T exists. With `renews` the clusters are
 * colocation groups for new heads and tails, which may make them grow. The bound is one above the largest T that halving finds refuted
 * (every refutation holds by itself: a step shorter than T would be a step within T).
 */
export function forcedTogether(
  ways: TwoWays,
  workTicks: Float64Array,
  low: number,
  high: number,
  renews: boolean,
): number {
  let [from, to] = [low, high]
  for (let k = 0; k < mostHalvings && from < to; k++) {
    const ticks = Math.floor((from + to) / 2)
    if (isRefuted(ways, workTicks, ticks, renews)) from = ticks + 1
    else to = ticks
  }
  return from
}

function isRefuted(first: TwoWays, workTicks: Float64Array, ticks: number, renews: boolean): boolean {
  const { network, mirror } = first
  let ways = first
  for (let round = 0, sets = network.count; round < mostRounds; round++) {
    const clusterOf = clusters(ways, ticks)
    if (isOverfull(ways, clusterOf, ticks)) return true
    const setsNow = new Set(clusterOf).size
    if (!renews || setsNow === sets) return false
    sets = setsNow
    const forward = heads({ ...network, groupOf: clusterOf }, renewalNodes)
    const backward = heads({ ...mirror, groupOf: clusterOf }, renewalNodes)
    ways = { network, mirror, forward, backward }
    if (longestWay(ways) > ticks) return true
    const load = fluidLoad(starts(network, forward), workTicks, starts(network, backward))
    if (Math.ceil(load * (1 - 1e-12)) > ticks) return true
  }
  return false
}

function isOverfull({ network, forward, backward }: TwoWays, clusterOf: Int32Array, ticks: number): boolean {
  const { count, leastTicks } = network
  const members = new Map<number, number[]>()
  const head = starts(network, forward)
  const tail = starts(network, backward)
  for (let op = 0; op < count; op++) {
    if (leastTicks[op] <= 0) continue
    const list = members.get(clusterOf[op])
    if (list) list.push(op)
    else members.set(clusterOf[op], [op])
  }
  for (const ops of members.values()) {
    if (ops.length < 2) continue
    const column = (value: (op: number) => number) => Float64Array.from(ops, value)
    const finish = fluidLoad(
      column((op) => head[op]),
      column((op) => leastTicks[op]),
      column((op) => tail[op]),
    )
    if (finish > ticks) return true
  }
  return false
}

/** A number per op, the same for all that must share a device. */
function clusters({ network, forward, backward }: TwoWays, ticks: number): Int32Array {
  const { count, inStart, inFrom, inTensor, tensorTicks, groupOf } = network
  const { find, join } = unionFind(count)
  const firstOfGroup = new Map<number, number>()
  for (let op = 0; op < count; op++) {
    for (let e = inStart[op]; e < inStart[op + 1]; e++) {
      if (inTensor[e] < 0) continue
      if (forward.end[inFrom[e]] + tensorTicks[inTensor[e]] + backward.end[op] > ticks) join(inFrom[e], op)
    }
    if (groupOf[op] < 0) continue
    const first = firstOfGroup.get(groupOf[op])
    if (first === undefined) firstOfGroup.set(groupOf[op], op)
    else join(first, op)
  }
  return Int32Array.from({ length: count }, (_, op) => find(op))
}
