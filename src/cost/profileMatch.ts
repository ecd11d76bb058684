import type { OpDescription } from '../graph/index.js'

/** What of a profile found its op, and what of the graph found its time. */
export interface ProfileReport {
  readonly name: string
  readonly ops: number
  readonly measuredOps: number
  readonly shares: readonly ProfileShare[]
  /** What has most seconds of those that match no op. */
  readonly unmatched: readonly { readonly what: string; readonly seconds: number }[]
  readonly isDeviceTime?: boolean
}

/** Seconds of a phase of the trace, or of all rows, and the fraction of them that matches ops of the graph. */
export interface ProfileShare {
  readonly of: 'forward' | 'backward' | 'optimizer' | 'rows'
  readonly seconds: number
  readonly matchedFraction: number
}

/** Measurements by op name. */
export type Patches = ReadonlyMap<string, Pick<OpDescription, 'seconds' | 'temporaryBytes'>>

export interface Match extends Pick<ProfileReport, 'shares' | 'unmatched' | 'isDeviceTime'> {
  readonly patches: Patches
}

const mostUnmatched = 5

/** The largest of what matched nothing, ties by name. */
export function largestUnmatched(seconds: ReadonlyMap<string, number>): ProfileReport['unmatched'] {
  return [...seconds]
    .sort((a, b) => b[1] - a[1] || (a[0] < b[0] ? -1 : 1))
    .slice(0, mostUnmatched)
    .map(([what, each]) => ({ what, seconds: each }))
}
