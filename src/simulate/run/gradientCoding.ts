import { teamLengths } from './reshareBatch.js'
import type { Teams } from './stragglers.js'

/** More than this is never worth its work: with s tolerated each team computes s + 1 shares. */
const mostTolerated = 4

/**
 * The step under gradient coding (Tandon et al., arXiv 1612.03301, theorem 1): with s stragglers tolerated each team computes s + 1 of the shares of the batch, and the
 * sum of all gradients can be had from any teams but s. The best s of those that can be; what follows the passes is taken from the step of equal devices.
 */
export function gradientCoding(teams: Teams, equalTicks: number): { ticks: number; tolerated: number } | undefined {
  const { prepared, slownessOf } = teams
  const lengths = teamLengths(teams)
  const equal = teamLengths({ ...teams, slownessOf: [new Float64Array(prepared.program.ranks).fill(1)] })
  const afterPasses = equalTicks - equal.of(0, prepared.microbatches)
  let best: { ticks: number; tolerated: number } | undefined
  for (let tolerated = 1; tolerated <= Math.min(mostTolerated, slownessOf.length - 1); tolerated++) {
    const count = (tolerated + 1) * prepared.microbatches
    const ends = slownessOf.map((_, team) => lengths.of(team, count)).sort((a, b) => a - b)
    const ticks = ends[slownessOf.length - 1 - tolerated] + afterPasses
    if (ticks < (best?.ticks ?? Number.POSITIVE_INFINITY)) best = { ticks, tolerated }
  }
  return best
}
