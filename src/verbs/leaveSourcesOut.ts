import {
  type CalibrateOptions,
  calibrateStack,
  errorSummary,
  type FitParameter,
  type SourcesLeftOut,
  type StackCalibration,
} from '../calibrate/index.js'
import type { PreparedMeasurement } from './measuredRun.js'

/** More sources than this are left out so many lots at a time. */
const mostLots = 10

/** Predicts the runs of every source from a fit on the other sources; undefined where there is one source only. */
export function leaveSourcesOut(
  parameters: readonly FitParameter[],
  rows: readonly PreparedMeasurement[],
  options: CalibrateOptions,
): SourcesLeftOut | undefined {
  const sources = [...new Set(rows.map((row) => row.source))].sort()
  if (sources.length < 2) return undefined
  const lotOf = new Map(sources.map((source, i) => [source, i % mostLots]))
  // Each lot is a fit of its own: fewer choices of anchors keep the whole near the cost of two.
  const draws = Math.max(1, Math.ceil((2 * options.draws) / Math.min(mostLots, sources.length)))
  const errors: number[] = []
  let covered = 0
  for (let lot = 0; lot < Math.min(mostLots, sources.length); lot++) {
    const isLeft = (row: PreparedMeasurement) => lotOf.get(row.source) === lot
    const others = rows.filter((row) => !isLeft(row))
    const fit = calibrateStack(parameters, others, { ...options, draws })
    const left = rows.filter(isLeft)
    errors.push(...left.map((row) => row.predictSeconds(fit.values) / row.measuredSeconds - 1))
    covered += coverage(left, fit) * left.length
  }
  return { sources: sources.length, ...errorSummary(errors), coverage: covered / rows.length }
}

/** Share of the rows whose measured time lies in the interval of their prediction. */
export function coverage(rows: readonly PreparedMeasurement[], fit: StackCalibration): number {
  const inside = rows.filter((row) => {
    const [low, high] = row.isPipelined ? fit.pipelinedInterval : fit.interval
    const ratio = row.measuredSeconds / row.predictSeconds(fit.values)
    return ratio >= low && ratio <= high
  })
  return inside.length / rows.length
}
