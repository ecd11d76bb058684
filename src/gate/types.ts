import type { Problem } from '../errors/index.js'
import type { PlanDiff } from '../plan/diff/index.js'
import type { Plan, RunPlan } from '../plan/index.js'

export const budgetNames = [
  'stepTime',
  'headroom',
  'exposedCommunication',
  'bubble',
  'mfu',
  'unmodelled',
  'price',
] as const
export type BudgetName = (typeof budgetNames)[number]

export type Level = 'error' | 'warn' | 'off'

export interface Bound {
  readonly value: number
  readonly unit: 'seconds' | 'bytes' | 'share'
}

/** Broken only by a change above both the percentage of the base and the absolute floor. */
export interface Change {
  readonly percent?: number
  readonly seconds?: number
  /** Percentage points. */
  readonly points?: number
  /** Of the price's currency. */
  readonly amount?: number
}

export interface Limits {
  readonly max?: Bound | number
  readonly min?: Bound
  readonly maxIncrease?: Change
  readonly maxDecrease?: Change
  readonly message?: string
}

export type Budget = 'off' | readonly [level: Level, limits: Limits]
export type Budgets = { readonly [B in BudgetName]?: Budget }

/** A plan as it is predicted now, with what its devices may hold. */
export interface PredictedPlan {
  readonly plan: Plan | RunPlan
  readonly limitBytes: ArrayLike<number>
}

export type Figure = Bound | { readonly value: number; readonly unit: 'price'; readonly currency: string }

export interface Verdict {
  readonly budget: BudgetName
  readonly limit: 'max' | 'min' | 'maxIncrease' | 'maxDecrease'
  readonly level: Exclude<Level, 'off'>
  /** unknown: the plan does not say, which fails like a breach; skipped: there is no base to compare with. */
  readonly status: 'held' | 'broken' | 'unknown' | 'skipped'
  /** What was found: the figure, and of a change also the base's. */
  readonly head?: Figure
  readonly base?: Figure
  readonly bound: Bound | number | Change
  /** Device or stage that sets the figure. */
  readonly place?: string
  readonly message?: string
}

/** Why the base of a plan is not there to compare with. */
export type BaseState = 'compared' | 'no base' | 'new' | 'infeasible in base'

export interface PlanVerdict {
  readonly name: string
  readonly status: 'ok' | 'warn' | 'fail' | 'infeasible' | 'incomparable'
  readonly base: BaseState
  readonly verdicts: readonly Verdict[]
  /** Both steps, where the plan was predicted. */
  readonly stepSeconds?: { readonly head: number; readonly base?: number }
  readonly diff?: PlanDiff
  /** Why there is no plan, or nothing to compare it with. */
  readonly problems: readonly Problem[]
}

export interface GateReport {
  readonly kind: 'stowage.gate'
  readonly schemaVersion: '1.0'
  readonly tool: string
  readonly status: PlanVerdict['status']
  readonly exitCode: number
  /** What was compared with, as it was asked for. */
  readonly base?: { readonly name: string; readonly commit?: string }
  readonly plans: readonly PlanVerdict[]
  /** Plans that only the base has. */
  readonly removed: readonly string[]
  readonly notes: readonly string[]
}
