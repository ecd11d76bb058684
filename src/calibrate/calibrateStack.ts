import { chooseAnchors } from './anchors.js'
import { type FitParameter, fitRobustly } from './fitRobustly.js'
import { type ErrorSummary, errorSummary, quantile } from './summary.js'

/** A measured run of one stack, with its prediction as a function of the parameters. */
export interface MeasuredRun {
  readonly id: string
  readonly group: string
  readonly measuredSeconds: number
  predictSeconds(values: readonly number[]): number
}

export interface StackCalibration {
  readonly values: readonly number[]
  readonly anchors: readonly string[]
  /** Over all rows, before (the given priors) and after. */
  readonly before: ErrorSummary
  readonly after: ErrorSummary
  /** measured / predicted of nine in ten of the rows that were not fitted; of rows left out one by one where all were. */
  readonly interval: readonly [number, number]
}

export interface CalibrateOptions {
  /** Of each group. */
  readonly mostAnchors: number
  /** Random choices of anchors tried. */
  readonly draws: number
}

/** A large miss counts as one of half: broken rows must not choose the anchors. */
const largestMiss = 0.5

/** Fits a stack on few rows chosen among many, from priors. */
export function calibrateStack(
  parameters: readonly FitParameter[],
  rows: readonly MeasuredRun[],
  options: CalibrateOptions,
): StackCalibration {
  const logRatio = (row: MeasuredRun, values: readonly number[]) =>
    Math.log(row.predictSeconds(values) / row.measuredSeconds)
  const fitted = (chosen: readonly MeasuredRun[]) =>
    fitRobustly(parameters, (values) => chosen.map((row) => logRatio(row, values))).values
  // One row less moves a fit little, so it goes on from the whole one.
  const without = (left: (typeof rows)[number]) => {
    const others = rows.filter((row) => row !== left)
    return fitRobustly(
      parameters,
      (at) => others.map((row) => logRatio(row, at)),
      { scale: 0.06, iterations: 3 },
      values,
    ).values
  }
  const priors = parameters.map((parameter) => parameter.prior)
  const groups = [...new Set(rows.map((row) => row.group))].map((group) =>
    rows.flatMap((row, i) => (row.group === group ? [i] : [])),
  )
  const { anchors, result: values } = chooseAnchors(groups, options.mostAnchors, options.draws, (chosen) => {
    const result = fitted(chosen.map((i) => rows[i]))
    const misses = rows.map((row) =>
      Math.min(largestMiss, Math.abs(row.predictSeconds(result) / row.measuredSeconds - 1)),
    )
    return { score: misses.reduce((sum, miss) => sum + miss, 0) / rows.length, result }
  })
  const errors = (at: readonly number[]) =>
    errorSummary(rows.map((row) => row.predictSeconds(at) / row.measuredSeconds - 1))
  const chosen = new Set(anchors)
  const unseen = rows.filter((_, i) => !chosen.has(i))
  const ratios =
    unseen.length >= 8 ? unseen.map((row) => -logRatio(row, values)) : rows.map((row) => -logRatio(row, without(row)))
  return {
    values,
    anchors: anchors.map((i) => rows[i].id),
    before: errors(priors),
    after: errors(values),
    interval: intervalOf(ratios),
  }
}

/** From the fifth to the ninety-fifth of a hundred, and at least 3 % to each side; few rows are stretched, as a prediction interval of so many is. */
export function intervalOf(logRatios: readonly number[]): readonly [number, number] {
  const stretch = 1 + 2 / Math.max(4, logRatios.length)
  const low = Math.min(-0.03, stretch * quantile(logRatios, 0.05))
  const high = Math.max(0.03, stretch * quantile(logRatios, 0.95))
  return [Math.exp(low), Math.exp(high)]
}
