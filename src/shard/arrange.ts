import { exactOrder, stateCount } from './exactOrder.js'
import { fill } from './fill.js'
import { fillGaps } from './fillGaps.js'
import { lowerBound } from './lowerBound.js'
import { shardSizes } from './shardSizes.js'
import type { Arrangement, Certificate, Kind, LayoutProblem } from './types.js'

export interface FoundArrangement {
  readonly arrangement: Arrangement
  readonly bound: Certificate
}

/**
 * The arrangement with the smallest shard that the passes find, and a bound that no order goes below. Sizes are tried from the bound up:
 * 1. `fill` with a few patiences, then `fillGaps` for the tensors that may be cut anywhere; then a few plain orders;
 * 2. where choices are few, `exactOrder`: if no order of the tensors with blocks fits, the bound goes up.
 *
 * Pre: kinds from the hardest to cut to the easiest. Post: bound <= shard; a size that fits is always found, for sizes grow in leaps after a while.
 */
export function arrange(problem: LayoutProblem): FoundArrangement {
  const passes = passesOf(problem)
  let bound = lowerBound(problem)
  let work = mostWork
  let [from, leap, failed, isExact] = [bound.shardElements, 0, 0, true]
  while (true) {
    for (const range of shardSizes(problem, from)) {
      if (isExact && range.least > bound.shardElements) bound = { shardElements: range.least, reason: 'orders' }
      const arrangement =
        passes.quick(range.least) ?? (work >= passes.exactWork ? passes.exact(range.least) : undefined)
      if (arrangement) return { arrangement: leap ? nearer(arrangement, failed) : arrangement, bound }
      isExact &&= work >= passes.exactWork && passes.isRefuted(range.least)
      work -= passes.quickWork + (work >= passes.exactWork ? passes.exactWork : 0)
      failed = range.least
      if (work < 0) break
    }
    leap = leap ? leap * 2 : 1e-6
    from = failed * (1 + leap)
    isExact = false
  }

  /** Halves between the last size that failed and the first that did not. */
  function nearer(found: Arrangement, failedAt: number): Arrangement {
    let [best, short] = [found, failedAt]
    for (let round = 0; round < 20; round++) {
      const { least } = shardSizes(problem, (short + best.shardElements) / 2).next().value
      if (least >= best.shardElements) break
      const better = passes.quick(least)
      if (better) best = better
      else short = least
    }
    return best
  }
}

/** Steps of the inner loops that a plan may take before sizes grow in leaps. */
const mostWork = 2e6
const patiences = [0, 0.5, 1, 2, 4]
/** A patience that takes kinds in their order, whatever the wait. */
const asGiven = 1e12
const mostStates = 20_000

/** Orders that are sometimes better than any choice one tensor at a time: by block, by size, from either end. */
function plainOrders(kinds: readonly Kind[]) {
  const byBlock = kinds.map((_, kind) => kind)
  const bySize = [...byBlock].sort((a, b) => kinds[b].elements - kinds[a].elements)
  return [byBlock, [...byBlock].reverse(), bySize, [...bySize].reverse()].map((from) => ({
    from,
    kinds: from.map((kind) => kinds[kind]),
  }))
}

function passesOf({ kinds, devices }: LayoutProblem) {
  const blocky = kinds.flatMap(({ granularity }, i) => (granularity > 1 ? [i] : []))
  const loose = kinds.flatMap(({ granularity }, i) => (granularity > 1 ? [] : [i]))
  const hard = blocky.map((i) => kinds[i])
  const withLoose = (found: Arrangement | undefined) =>
    found && fillGaps({ ...found, kinds: found.kinds.map((kind) => blocky[kind]) }, kinds, loose, devices)
  const isSmall = stateCount(hard) <= mostStates
  const isAllSmall = stateCount(kinds) <= mostStates
  const orders = plainOrders(kinds)
  const tensors = kinds.reduce((sum, { count }) => sum + count, 0)
  let hardFits: { readonly shard: number; readonly found: Arrangement | undefined } | undefined
  const exactHard = (shard: number) => {
    if (hardFits?.shard !== shard) hardFits = { shard, found: exactOrder(hard, devices, shard) }
    return hardFits.found
  }
  return {
    quickWork: (patiences.length * 2 + orders.length) * tensors * Math.min(kinds.length, 8),
    exactWork: isSmall
      ? stateCount(hard) * hard.length + (isAllSmall ? stateCount(kinds) * kinds.length : 0)
      : Number.POSITIVE_INFINITY,
    isRefuted: (shard: number) => exactHard(shard) === undefined,
    quick(shard: number): Arrangement | undefined {
      for (const patience of patiences) {
        const found = withLoose(fill(hard, devices, shard, patience)) ?? fill(kinds, devices, shard, patience)
        if (found) return found
      }
      for (const order of orders) {
        const found = fill(order.kinds, devices, shard, asGiven)
        if (found) return { ...found, kinds: found.kinds.map((kind) => order.from[kind]) }
      }
      return undefined
    },
    exact(shard: number): Arrangement | undefined {
      const found = exactHard(shard)
      return withLoose(found) ?? (found && isAllSmall ? exactOrder(kinds, devices, shard) : undefined)
    },
  }
}
