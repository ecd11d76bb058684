import { exitCodes } from '../errors/index.js'
import { type PlanSides, planVerdict } from './planVerdict.js'
import type { GateReport, PlanVerdict } from './types.js'

export interface GateInput {
  readonly tool: string
  readonly plans: readonly PlanSides[]
  readonly base?: GateReport['base']
  readonly removed: readonly string[]
  readonly notes: readonly string[]
}

/** The verdict on all plans: that of the worst. */
export function gateReport({ tool, plans, base, removed, notes }: GateInput): GateReport {
  const verdicts = plans.map(planVerdict)
  const status = verdicts.reduce<PlanVerdict['status']>(
    (worst, each) => (severity.indexOf(each.status) > severity.indexOf(worst) ? each.status : worst),
    'ok',
  )
  return {
    kind: 'stowage.gate',
    schemaVersion: '1.0',
    tool,
    status,
    exitCode: exitCodeOf[status],
    ...(base && { base }),
    plans: verdicts,
    removed,
    notes,
  }
}

/** What cannot be compared says the least, so it must not hide behind what failed. */
const severity: readonly PlanVerdict['status'][] = ['ok', 'warn', 'fail', 'infeasible', 'incomparable']

const exitCodeOf: Readonly<Record<PlanVerdict['status'], number>> = {
  ok: exitCodes.ok,
  warn: exitCodes.ok,
  fail: exitCodes.no,
  infeasible: exitCodes.infeasible,
  incomparable: exitCodes.stale,
}
