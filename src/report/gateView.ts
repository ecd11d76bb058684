import type { Problem } from '../errors/index.js'
import type { PlanDiff } from '../plan/diff/index.js'

/** What a gate reports, as far as the reports show it. */
export interface GateView {
  readonly status: PlanView['status']
  readonly base?: { readonly name: string; readonly commit?: string }
  readonly plans: readonly PlanView[]
  readonly removed: readonly string[]
  readonly notes: readonly string[]
}

export interface PlanView {
  readonly name: string
  readonly status: 'ok' | 'warn' | 'fail' | 'infeasible' | 'incomparable'
  readonly base: 'compared' | 'no base' | 'new' | 'infeasible in base'
  readonly verdicts: readonly VerdictView[]
  readonly stepSeconds?: { readonly head: number; readonly base?: number }
  readonly diff?: PlanDiff
  readonly problems: readonly Problem[]
}

export interface FigureView {
  readonly value: number
  readonly unit: 'seconds' | 'bytes' | 'share' | 'price'
  readonly currency?: string
}

export interface ChangeView {
  readonly percent?: number
  readonly seconds?: number
  readonly points?: number
  readonly amount?: number
}

export interface VerdictView {
  readonly budget: keyof typeof budgetLabels
  readonly limit: 'max' | 'min' | 'maxIncrease' | 'maxDecrease'
  readonly level: 'error' | 'warn'
  readonly status: 'held' | 'broken' | 'unknown' | 'skipped'
  readonly head?: FigureView
  readonly base?: FigureView
  readonly bound: FigureView | number | ChangeView
  readonly place?: string
  readonly message?: string
}

/** How people call what a budget holds. */
export const budgetLabels = {
  stepTime: 'step time',
  headroom: 'headroom',
  exposedCommunication: 'exposed communication',
  bubble: 'bubble',
  mfu: 'MFU',
  unmodelled: 'not modelled',
  price: 'price',
} as const
