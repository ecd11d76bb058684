import type { CommitOrder, Schedule } from '../schedule/index.js'
import type { LowerBound } from './lowerBound.js'

/** What a placer decides, with the schedule that the core gave it. */
export interface Placement {
  readonly placer: string
  readonly deviceOf: Int32Array
  readonly order: CommitOrder
  readonly schedule: Schedule
  /** Exact peak bytes of each device. */
  readonly peakBytes: Float64Array
  /** What the placer itself has proved of every plan for the problem. */
  readonly bound?: LowerBound
}

/** How near a placer came to a plan within the limits. */
export interface NearestMiss {
  readonly placer: string
  readonly placedOps: number
  /** The op that fitted nowhere, or -1 when a finished schedule passed a limit. */
  readonly op: number
  /** The device where least was missing, or that passed its limit most. */
  readonly device: number
  readonly excessBytes: number
}

export type Attempt = { readonly placement: Placement } | { readonly miss: NearestMiss }
