import type { GraphDescription, OpDescription } from '../graph/index.js'
import { alignTrace } from './alignTrace.js'
import { largestUnmatched, type Match, type ProfileReport } from './profileMatch.js'
import type { Trace } from './trace.js'

/** Measured times of a graph's ops: by name, or as a profiler's trace that has to be matched first. */
export type Profile =
  | { readonly name: string; readonly rows: readonly ProfileRow[] }
  | { readonly name: string; readonly trace: Trace }

export interface ProfileRow {
  readonly op: string
  /** Absent: any. */
  readonly deviceKind?: string
  readonly seconds: number
  /** Most memory the op needed beside its inputs and outputs. */
  readonly temporaryBytes?: number
}

/** The graph with its ops' measured seconds, which win over the cost model. Ops that the profile lacks keep what they had. */
export function applyProfile(
  description: GraphDescription,
  profile: Profile,
): { readonly description: GraphDescription; readonly report: ProfileReport } {
  const { patches, ...report } =
    'trace' in profile ? alignTrace(description.ops, profile.trace) : byName(description.ops, profile.rows)
  const ops = description.ops.map((op) => {
    const patch = patches.get(op.name)
    return patch ? { ...op, ...patch } : op
  })
  return {
    description: { ...description, ops },
    report: { name: profile.name, ops: ops.length, measuredOps: patches.size, ...report },
  }
}

function byName(ops: readonly OpDescription[], rows: readonly ProfileRow[]): Match {
  const byOp = new Map<string, ProfileRow[]>()
  for (const row of rows) {
    const list = byOp.get(row.op)
    if (list) list.push(row)
    else byOp.set(row.op, [row])
  }
  const patches = new Map<string, { seconds: OpDescription['seconds']; temporaryBytes?: number }>()
  const unmatched = new Map([...byOp].map(([op, list]) => [op, total(list)]))
  for (const op of ops) {
    const list = byOp.get(op.name)
    if (!list) continue
    unmatched.delete(op.name)
    const bytes = list.flatMap((row) => row.temporaryBytes ?? [])
    patches.set(op.name, {
      seconds: secondsByKind(op.seconds, list),
      ...(bytes.length > 0 && { temporaryBytes: bytes.reduce((most, each) => Math.max(most, each), 0) }),
    })
  }
  const seconds = total(rows)
  const missed = [...unmatched.values()].reduce((sum, each) => sum + each, 0)
  return {
    patches,
    shares: [{ of: 'rows', seconds, matchedFraction: seconds > 0 ? 1 - missed / seconds : 1 }],
    unmatched: largestUnmatched(unmatched),
  }
}

/** A row without a kind is for all; kinds that the profile lacks keep their own time. */
function secondsByKind(own: OpDescription['seconds'], rows: readonly ProfileRow[]): OpDescription['seconds'] {
  const everywhere = rows.find((row) => row.deviceKind === undefined)
  if (everywhere && rows.length === 1) return everywhere.seconds
  const kinds = rows.flatMap((row) => (row.deviceKind === undefined ? [] : [[row.deviceKind, row.seconds] as const]))
  return { ...(typeof own === 'object' ? own : {}), ...Object.fromEntries(kinds) }
}

function total(rows: readonly ProfileRow[]): number {
  return rows.reduce((sum, row) => sum + row.seconds, 0)
}
