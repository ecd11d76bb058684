import type { PipelineSchedule } from './types.js'

/** What a schedule is made for. */
export interface PipelineShape {
  readonly ranks: number
  /** Stages on each rank. */
  readonly chunks: number
  readonly microbatches: number
}

/** A schedule as this folder lists it: one file each. */
export interface ScheduleKind {
  readonly name: string
  /** What frameworks and papers call it; compared without case, spaces, hyphens and underscores. */
  readonly synonyms: readonly string[]
  /** Stages on each rank: a number where the schedule prescribes it, else what is usual. */
  readonly chunks: { readonly exactly: number } | { readonly usually: number }
  /** Microbatches below which, or counts at which, the schedule does not exist: what would be allowed, else nothing. */
  readonly refuses: (shape: PipelineShape) => string | undefined
  readonly generate: (shape: PipelineShape) => PipelineSchedule
}

export const refusesNothing = (): undefined => undefined
