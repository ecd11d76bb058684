import { type Difficulty, type SpreadWeights, spreadNames, spreadOf, spreadSpecs } from '../cost/training/index.js'

/** A run that was not fitted: log(measured / predicted), and what was known of it before. */
export interface JudgedRun {
  readonly logRatio: number
  readonly difficulty: Difficulty
}

/**
 * Weights under which misses over their spreads look alike, by the likelihood of a Cauchy distribution, so that a few broken runs do not widen all; priors hold
 * weights that the runs say nothing of. Scaled so that half of the runs have a spread below 1.
 */
export function fitSpread(runs: readonly JudgedRun[], priors: SpreadWeights = priorSpread): SpreadWeights {
  // Misses are a tenth or so: weights of misses themselves are fitted, and scaled afterwards.
  const typical = median(runs.map(({ logRatio }) => Math.abs(logRatio))) || 1
  const cost = (at: readonly number[]) => {
    const weights = weightsOf(at, priors)
    const misfit = runs.reduce((sum, { logRatio, difficulty }) => {
      const spread = spreadOf(weights, difficulty)
      return sum + Math.log(spread) + Math.log1p((logRatio / typical / spread) ** 2)
    }, 0)
    return misfit + at.reduce((sum, x, i) => sum + (x / spreadSpecs[spreadNames[i]].spread) ** 2, 0) / 2
  }
  const weights = weightsOf(descend(cost, spreadNames.length), priors)
  const middle = median(runs.map(({ difficulty }) => spreadOf(weights, difficulty))) || 1
  return Object.fromEntries(spreadNames.map((name) => [name, weights[name] / middle])) as SpreadWeights
}

const priorSpread = Object.fromEntries(spreadNames.map((name) => [name, spreadSpecs[name].prior])) as SpreadWeights

function weightsOf(logs: readonly number[], priors: SpreadWeights): SpreadWeights {
  return Object.fromEntries(
    spreadNames.map((name, i) => {
      const [low, high] = spreadSpecs[name].bounds
      return [name, Math.min(high, Math.max(low, priors[name] * Math.exp(logs[i])))]
    }),
  ) as SpreadWeights
}

/** Steps along one coordinate after the other while they help, ever shorter. */
function descend(cost: (at: readonly number[]) => number, dimensions: number): readonly number[] {
  let at: readonly number[] = new Array(dimensions).fill(0)
  let best = cost(at)
  for (let step = 0.8; step > 0.02; step /= 2) {
    for (let improved = true, sweep = 0; improved && sweep < 20; sweep++) {
      improved = false
      for (let k = 0; k < 2 * dimensions; k++) {
        const next = at.map((x, i) => (i === k >> 1 ? x + (k % 2 ? step : -step) : x))
        const there = cost(next)
        if (there >= best - 1e-9) continue
        best = there
        at = next
        improved = true
      }
    }
  }
  return at
}

function median(values: readonly number[]): number {
  return [...values].sort((a, b) => a - b)[values.length >> 1] ?? 0
}
