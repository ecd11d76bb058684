import type { SchedulingProblem } from '../../schedule/index.js'

export interface WeightedWork {
  /** Per op; any set of ops needs at least the sum of theirs as a stretch of time on the whole cluster. */
  readonly ticks: Float64Array
  readonly total: number
}

const sweeps = 3
const halvings = 24
/** Clusters have two or three kinds; beyond this many, pairs of kinds cost more than they give. */
const mostKinds = 8

/**
 * Work spread over unequal devices. With a weight for each kind so that the weights of all devices sum to 1, an op counts as the least of
 * weight x ticks over the kinds that may run it; in a stretch of L ticks a device of weight w does at most w x L of that, all devices L.
 * So any weights give a bound; the best are the dual of the fractional assignment of work to kinds, found by shifting weight between
 * pairs of kinds (the bound is concave in the weights).
 */
export function weightedWork({ graph, deviceCount, kindOf, opTicks }: SchedulingProblem): WeightedWork {
  const devices = opTicks.map(() => 0)
  for (const kind of kindOf) devices[kind]++
  const share = devices.map((count) => count / deviceCount)
  const ticks = new Float64Array(graph.ops.length)
  const fill = () => {
    let total = 0
    for (let op = 0; op < ticks.length; op++) {
      let least = Number.POSITIVE_INFINITY
      for (let k = 0; k < opTicks.length; k++)
        if (opTicks[k][op] >= 0) least = Math.min(least, (opTicks[k][op] * share[k]) / devices[k])
      ticks[op] = least
      total += least
    }
    return total
  }
  /** Shifts weight between two kinds to where the total is greatest, by golden sections. */
  const balance = (a: number, b: number) => {
    const both = share[a] + share[b]
    const at = (part: number) => {
      share[a] = part * both
      share[b] = both - share[a]
      return fill()
    }
    const golden = (Math.sqrt(5) - 1) / 2
    let [low, high] = [0, 1]
    for (let k = 0; k < halvings; k++) {
      const span = golden * (high - low)
      if (at(high - span) >= at(low + span)) high = low + span
      else low = high - span
    }
    at((low + high) / 2)
  }
  if (opTicks.length <= mostKinds)
    for (let sweep = 0; opTicks.length > 1 && sweep < (opTicks.length > 2 ? sweeps : 1); sweep++)
      for (let a = 0; a < opTicks.length; a++) for (let b = a + 1; b < opTicks.length; b++) balance(a, b)
  return { total: fill(), ticks }
}
