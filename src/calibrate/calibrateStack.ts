import { chooseAnchors } from './anchors.js'
import { type FitParameter, fitRobustly } from './fitRobustly.js'
import { type ErrorSummary, errorSummary } from './summary.js'

/** A measured run of one stack, with its prediction as a function of the parameters. */
export interface MeasuredRun {
  readonly id: string
  readonly group: string
  /** Rows of one kind of run: every kind counts in the choice of anchors, however few its rows. */
  readonly kind: string
  /** Does a pipeline carry it? Such runs have an interval of their own. */
  readonly isPipelined: boolean
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
  readonly pipelinedInterval: readonly [number, number]
  /** log(measured / predicted) of the rows that the intervals come from. */
  readonly judged: ReadonlyMap<string, number>
}

export interface CalibrateOptions {
  /** Of each group. */
  readonly mostAnchors: number
  /** Random choices of anchors tried. */
  readonly draws: number
  /** Then exchanges of single rows tried; half as many as draws unless said. */
  readonly swaps?: number
  /** Rows to fit, chosen before. */
  readonly anchors?: readonly string[]
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
  const { draws, swaps = draws / 2 } = options
  const priors = parameters.map((parameter) => parameter.prior)
  const rowsWhere = (is: (row: MeasuredRun) => boolean) => rows.flatMap((row, i) => (is(row) ? [i] : []))
  const groups = options.anchors
    ? [rowsWhere(({ id }) => options.anchors!.includes(id))]
    : [...new Set(rows.map((row) => row.group))].map((group) => rowsWhere((row) => row.group === group))
  const { anchors, result: values } = chooseAnchors(
    groups,
    options.anchors?.length ?? options.mostAnchors,
    { draws, swaps },
    (chosen) => {
      const result = fitted(chosen.map((i) => rows[i]))
      return { score: balancedMiss(rows, result), result }
    },
  )
  const errors = (at: readonly number[]) =>
    errorSummary(rows.map((row) => row.predictSeconds(at) / row.measuredSeconds - 1))
  const chosen = new Set(anchors)
  const unseen = rows.filter((_, i) => !chosen.has(i))
  const ratioOf = (row: MeasuredRun) => (unseen.length >= 8 ? -logRatio(row, values) : -logRatio(row, without(row)))
  const judged = unseen.length >= 8 ? unseen : rows
  const ratios = new Map(judged.map((row) => [row, ratioOf(row)]))
  const intervalAmong = (isPipelined: boolean) => {
    const own = judged.filter((row) => row.isPipelined === isPipelined)
    return intervalOf((own.length >= 20 ? own : judged).map((row) => ratios.get(row)!))
  }
  return {
    values,
    anchors: anchors.map((i) => rows[i].id),
    before: errors(priors),
    after: errors(values),
    interval: intervalAmong(false),
    pipelinedInterval: intervalAmong(true),
    judged: new Map(judged.map((row) => [row.id, ratios.get(row)!])),
  }
}

/** Mean over the kinds of runs of their mean misses, each kind by the root of its rows: the many do not drown the few. */
function balancedMiss(rows: readonly MeasuredRun[], values: readonly number[]): number {
  const kinds = new Map<string, { sum: number; count: number }>()
  for (const row of rows) {
    const miss = Math.min(largestMiss, Math.abs(row.predictSeconds(values) / row.measuredSeconds - 1))
    const { sum, count } = kinds.get(row.kind) ?? { sum: 0, count: 0 }
    kinds.set(row.kind, { sum: sum + miss, count: count + 1 })
  }
  const all = [...kinds.values()]
  const weight = all.reduce((total, { count }) => total + Math.sqrt(count), 0)
  return all.reduce((total, { sum, count }) => total + (Math.sqrt(count) * sum) / count, 0) / weight
}

/**
 * The narrowest interval that holds nine in ten of the ratios: failures far on one side do not widen the other. At least 3 % to each side, and stretched where few rows
 * speak, as a prediction interval of so many is.
 */
export function intervalOf(logRatios: readonly number[]): readonly [number, number] {
  const sorted = [...logRatios].sort((a, b) => a - b)
  const inside = Math.min(sorted.length, Math.ceil(0.9 * (sorted.length + 1)))
  let first = 0
  for (let k = 1; k + inside <= sorted.length; k++)
    if (sorted[k + inside - 1] - sorted[k] < sorted[first + inside - 1] - sorted[first]) first = k
  const stretch = 1 + 2 / Math.max(4, sorted.length)
  const low = Math.min(-0.03, stretch * sorted[first])
  const high = Math.max(0.03, stretch * sorted[first + inside - 1])
  return [Math.exp(low), Math.exp(high)]
}
