/** One bounded positive number to fit: its logarithm is normal about the prior's. */
export interface FitParameter {
  readonly name: string
  readonly prior: number
  readonly spread: number
  readonly bounds: readonly [number, number]
}

export interface FitOptions {
  /** Standard deviation of log(predicted / measured) that counts as one unit of misfit. */
  readonly scale: number
  readonly iterations: number
}

export interface Fit {
  readonly values: readonly number[]
  /** Half the robust sum of squares, priors included. */
  readonly cost: number
}

/**
 * Parameters that make `logRatios` (log(predicted / measured) of every row) small: a Levenberg-Marquardt fit of the logarithms with a Cauchy loss on rows, so
 * that a few broken ones cost little, and a normal prior on every parameter, so that ten rows can move as many numbers as they know something of.
 */
export function fitRobustly(
  parameters: readonly FitParameter[],
  logRatios: (values: readonly number[]) => readonly number[],
  options: FitOptions = { scale: 0.06, iterations: 12 },
  start?: readonly number[],
): Fit {
  return fitOthers(parameters, idleParameters(parameters, logRatios), logRatios, options, start)
}

function fitMoved(
  parameters: readonly FitParameter[],
  logRatios: (values: readonly number[]) => readonly number[],
  options: FitOptions,
  start: readonly number[] | undefined,
): Fit {
  const low = parameters.map((p) => Math.log(p.bounds[0] / p.prior))
  const high = parameters.map((p) => Math.log(p.bounds[1] / p.prior))
  const valuesOf = (x: Float64Array) => parameters.map((p, i) => p.prior * Math.exp(x[i]))
  let x = Float64Array.from(parameters, (p, i) => clamp(Math.log((start?.[i] ?? p.prior) / p.prior), low[i], high[i]))
  let residuals = logRatios(valuesOf(x)).map((r) => r / options.scale)
  let cost = costOf(residuals, x, parameters)
  let damping = 1e-2
  for (let iteration = 0; iteration < options.iterations; iteration++) {
    const { hessian, gradient } = normalEquations(parameters, x, residuals, valuesOf, logRatios, options.scale)
    let improved = false
    for (let trial = 0; trial < 6 && !improved; trial++) {
      const step = solveDamped(hessian, gradient, damping)
      const next = x.map((value, i) => clamp(value - step[i], low[i], high[i]))
      const nextResiduals = logRatios(valuesOf(next)).map((r) => r / options.scale)
      const nextCost = costOf(nextResiduals, next, parameters)
      if (nextCost < cost) {
        improved = cost - nextCost > 1e-4 * cost
        x = next
        residuals = nextResiduals
        cost = nextCost
        damping = Math.max(damping / 4, 1e-6)
        break
      }
      damping *= 6
    }
    if (!improved) break
  }
  return { values: valuesOf(x), cost }
}

/** Parameters that no row feels, such as those of experts in dense models: they keep their priors and cost nothing. */
function idleParameters(
  parameters: readonly FitParameter[],
  logRatios: (values: readonly number[]) => readonly number[],
): ReadonlySet<number> {
  const priors = parameters.map((parameter) => parameter.prior)
  const at = logRatios(priors)
  const isIdle = (i: number) => {
    const moved = priors.map((prior, k) => (k === i ? Math.min(1.2 * prior, parameters[i].bounds[1]) : prior))
    return logRatios(moved).every((ratio, row) => ratio === at[row])
  }
  return new Set(parameters.flatMap((_, i) => (isIdle(i) ? [i] : [])))
}

function fitOthers(
  parameters: readonly FitParameter[],
  idle: ReadonlySet<number>,
  logRatios: (values: readonly number[]) => readonly number[],
  options: FitOptions,
  start: readonly number[] | undefined,
): Fit {
  const isMoved = (_: unknown, i: number) => !idle.has(i)
  const spread = (moved: readonly number[]) => {
    let next = 0
    return parameters.map((parameter, i) => (idle.has(i) ? parameter.prior : moved[next++]))
  }
  const { values, cost } = fitMoved(
    parameters.filter(isMoved),
    (moved) => logRatios(spread(moved)),
    options,
    start?.filter(isMoved),
  )
  return { values: spread(values), cost }
}

const clamp = (value: number, low: number, high: number): number => Math.min(high, Math.max(low, value))

/** Cauchy: a row ten scales away counts like three. */
function costOf(residuals: readonly number[], x: Float64Array, parameters: readonly FitParameter[]): number {
  const rows = residuals.reduce((sum, r) => sum + Math.log1p(r * r), 0)
  return (rows + x.reduce((sum, value, i) => sum + (value / parameters[i].spread) ** 2, 0)) / 2
}

function normalEquations(
  parameters: readonly FitParameter[],
  x: Float64Array,
  residuals: readonly number[],
  valuesOf: (x: Float64Array) => readonly number[],
  logRatios: (values: readonly number[]) => readonly number[],
  scale: number,
): { hessian: Float64Array[]; gradient: Float64Array } {
  const n = parameters.length
  const delta = 1e-3
  const slopes = parameters.map((_, i) => {
    const moved = x.slice()
    moved[i] += delta
    const there = logRatios(valuesOf(moved))
    return Float64Array.from(residuals, (r, row) => (there[row] / scale - r) / delta)
  })
  const weights = residuals.map((r) => 1 / (1 + r * r))
  const hessian = Array.from({ length: n }, () => new Float64Array(n))
  const gradient = new Float64Array(n)
  for (let i = 0; i < n; i++) {
    for (let row = 0; row < residuals.length; row++) gradient[i] += weights[row] * slopes[i][row] * residuals[row]
    for (let j = 0; j <= i; j++) {
      let sum = 0
      for (let row = 0; row < residuals.length; row++) sum += weights[row] * slopes[i][row] * slopes[j][row]
      hessian[i][j] = sum
      hessian[j][i] = sum
    }
    const precision = 1 / parameters[i].spread ** 2
    hessian[i][i] += precision
    gradient[i] += precision * x[i]
  }
  return { hessian, gradient }
}

/** Cholesky of (H + damping diag H); the prior keeps H positive definite. */
function solveDamped(hessian: readonly Float64Array[], gradient: Float64Array, damping: number): Float64Array {
  const n = gradient.length
  const lower = hessian.map((row) => row.slice())
  for (let i = 0; i < n; i++) lower[i][i] *= 1 + damping
  for (let i = 0; i < n; i++) {
    for (let j = 0; j <= i; j++) {
      let sum = lower[i][j]
      for (let k = 0; k < j; k++) sum -= lower[i][k] * lower[j][k]
      lower[i][j] = i === j ? Math.sqrt(Math.max(sum, 1e-12)) : sum / lower[j][j]
    }
  }
  const solution = gradient.slice()
  for (let i = 0; i < n; i++) {
    for (let k = 0; k < i; k++) solution[i] -= lower[i][k] * solution[k]
    solution[i] /= lower[i][i]
  }
  for (let i = n - 1; i >= 0; i--) {
    for (let k = i + 1; k < n; k++) solution[i] -= lower[k][i] * solution[k]
    solution[i] /= lower[i][i]
  }
  return solution
}
