import {
  type CalibrateOptions,
  type CalibrationReport,
  calibrateStack,
  coefficientsOf,
  costParameters,
  type GroupReport,
  movedCoefficients,
  movedMemory,
  type StackCalibration,
} from '../calibrate/index.js'
import { type Calibration, matchStack, resolveCalibration } from '../cost/training/index.js'
import { didYouMean, fail, type Problem, UserError } from '../errors/index.js'
import type { CalibrationDocument } from '../formats/calibration.js'
import { parseJson } from '../formats/json.js'
import { coverage, leaveSourcesOut } from './leaveSourcesOut.js'
import { measuredRun, type PreparedMeasurement, stackName } from './measuredRun.js'
import type { RunTables } from './simulateRun.js'

export interface CalibrateRequest extends CalibrateOptions {
  /** Lines of a file, with their numbers from 1. */
  readonly lines: Iterable<{ readonly text: string; readonly number: number }>
  readonly name: string
  readonly tables: RunTables
  /** Of this stack alone. */
  readonly stack?: string
}

export interface CalibrationAnswer {
  readonly report: CalibrationReport
  readonly document: CalibrationDocument
}

/** Fits the coefficients of every stack and device of a measured batch on few of its rows. Lines that cannot be used are problems of the report; throws when none can. */
export function calibrateRuns(request: CalibrateRequest): CalibrationAnswer {
  const { rows: all, ranOut, problems } = readRows(request)
  const { stack } = request
  const wanted = stack === undefined ? undefined : stackName(matchStack(request.tables.stacks, stack), stack)
  const rows = wanted === undefined ? all : all.filter((row) => row.stack === wanted)
  if (rows.length === 0) refuse(request, all, problems)
  const groups = [...new Set(rows.map((row) => row.group))].sort()
  const fitted = groups.map((group) =>
    fitGroup(
      rows.filter((row) => row.group === group),
      request,
    ),
  )
  return {
    report: {
      kind: 'stowage.calibration-report',
      schemaVersion: '1.0',
      groups: fitted.map(({ report }) => report),
      ranOut,
      skipped: problems.length,
      problems,
    },
    document: {
      kind: 'stowage.calibration',
      schemaVersion: '1.0',
      source: `stowage calibrate on ${rows.length} measured runs`,
      entries: fitted.map(({ entry }) => entry),
    },
  }
}

function readRows({ lines, name, tables }: CalibrateRequest) {
  const rows: { readonly row: PreparedMeasurement; readonly text: string }[] = []
  const problems: Problem[] = []
  let ranOut = 0
  for (const { text, number } of lines) {
    try {
      const row = measuredRun(parseJson(text, name, number), `${name}:${number}`, tables)
      if (row) rows.push({ row, text })
      else ranOut++
    } catch (error) {
      if (!(error instanceof UserError)) throw error
      problems.push(error.problems[0])
    }
  }
  // Which rows are fitted must not hang on their order in the file.
  rows.sort((a, b) => (a.text < b.text ? -1 : a.text > b.text ? 1 : 0))
  return { rows: rows.map(({ row }) => row), ranOut, problems }
}

function refuse(
  { name, stack }: CalibrateRequest,
  all: readonly PreparedMeasurement[],
  problems: readonly Problem[],
): never {
  if (stack !== undefined && all.length > 0) {
    const stacks = [...new Set(all.map((row) => row.stack))]
    const fix = didYouMean(stack, stacks) || undefined
    return fail('E100', `no measured run is of ${stack}`, { where: '--stack', expected: stacks.join(', '), fix })
  }
  const [first, ...rest] = problems
  if (first) throw new UserError([first, ...rest.slice(0, 19)])
  const expected = 'a stowage.run with measured.stepSeconds on each line'
  return fail('E105', `${name} holds no measured run`, { where: name, expected })
}

function fitGroup(rows: readonly PreparedMeasurement[], request: CalibrateRequest) {
  const [{ stack, device, prepared }] = rows
  const { calibrations, references } = request.tables
  const ratesOf = (name: string) => references.catalogue.sheets.get(name)?.kind
  const shipped = resolveCalibration(calibrations, prepared.stack, prepared.cluster.sheet.kind, ratesOf)
  const parameters = costParameters(shipped.coefficients)
  const fit = calibrateStack(parameters, rows, request)
  const { interval, pipelinedInterval, anchors, before, after } = fit
  const leftOut = leaveSourcesOut(parameters, rows, request)
  const report: GroupReport = {
    ...{ stack, device, rows: rows.length, anchors, shipped: shipped.name, before, after, interval, pipelinedInterval },
    coverage: coverage(rows, fit),
    ...(leftOut && { leftOut }),
  }
  return { report, entry: entryOf(report, fit, shipped) }
}

/** The entry of a calibration file. Memory was not fitted: what is known of it goes on to hold. */
function entryOf({ stack, device, anchors }: GroupReport, fit: StackCalibration, shipped: Calibration) {
  const [memory, { rows, mean, median, p90 }] = [movedMemory(shipped.memory), fit.after]
  return {
    stack,
    devices: [device],
    coefficients: movedCoefficients(coefficientsOf(fit.values)),
    ...(Object.keys(memory).length > 0 && { memory }),
    interval: rounded(fit.interval),
    pipelinedInterval: rounded(fit.pipelinedInterval),
    anchors: [...anchors],
    errors: { rows, mean: fourDigits(mean), median: fourDigits(median), p90: fourDigits(p90) },
  }
}

const fourDigits = (value: number): number => Number(value.toFixed(4))
const rounded = ([low, high]: readonly [number, number]): [number, number] => [fourDigits(low), fourDigits(high)]
