import type { Problem } from '../errors/index.js'
import type { ErrorSummary } from './summary.js'

/** What was fitted for one stack on one device, and how well it does. */
export interface GroupReport {
  readonly stack: string
  readonly device: string
  readonly rows: number
  readonly anchors: readonly string[]
  /** The calibration that comes with the program and serves such runs without this one. */
  readonly shipped: string
  readonly before: ErrorSummary
  readonly after: ErrorSummary
  readonly interval: readonly [number, number]
  readonly pipelinedInterval: readonly [number, number]
  /** Share of the rows inside their interval. */
  readonly coverage: number
  readonly leftOut?: SourcesLeftOut
}

/** What `stowage calibrate` prints. */
export interface CalibrationReport {
  readonly kind: 'stowage.calibration-report'
  readonly schemaVersion: '1.0'
  readonly groups: readonly GroupReport[]
  /** Runs that ran out of memory: no step time. */
  readonly ranOut: number
  /** Lines that could not be used. */
  readonly skipped: number
  readonly problems: readonly Problem[]
}

/** Errors of runs whose source a fit never saw. */
export interface SourcesLeftOut extends ErrorSummary {
  readonly sources: number
  /** Share of those runs inside the interval of the fit that never saw them. */
  readonly coverage: number
}
