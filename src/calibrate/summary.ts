/** Of |predicted / measured - 1|, and the mean of it with its sign. */
export interface ErrorSummary {
  readonly rows: number
  readonly mean: number
  readonly median: number
  readonly p90: number
  readonly bias: number
}

export function errorSummary(errors: readonly number[]): ErrorSummary {
  const sizes = errors.map(Math.abs)
  const mean = (values: readonly number[]) => values.reduce((sum, value) => sum + value, 0) / Math.max(1, values.length)
  return {
    rows: errors.length,
    mean: mean(sizes),
    median: quantile(sizes, 0.5),
    p90: quantile(sizes, 0.9),
    bias: mean(errors),
  }
}

/** Linear between order statistics; NaN of nothing. */
export function quantile(values: readonly number[], share: number): number {
  const sorted = [...values].sort((a, b) => a - b)
  if (sorted.length === 0) return Number.NaN
  const at = share * (sorted.length - 1)
  const below = Math.floor(at)
  return sorted[below] + (at - below) * (sorted[Math.min(below + 1, sorted.length - 1)] - sorted[below])
}
