import type { Problem } from '../errors/index.js'
import { type DiffContext, incomparable, type Obstacle, planDiff } from '../plan/diff/index.js'
import { judge } from './judge.js'
import type { BaseState, Budgets, PlanVerdict, PredictedPlan, Verdict } from './types.js'

/** One side of a plan: predicted, or why it could not be. */
export type Side = PredictedPlan | { readonly problems: readonly Problem[]; readonly isInfeasible: boolean }

export interface PlanSides {
  readonly name: string
  readonly budgets: Budgets
  readonly head: Side
  /** Absent: new, or nothing to compare with. */
  readonly base?: Side
  /** The base's plans were made by this program, now, with the same cost data. */
  readonly isRepredicted: boolean
}

/** What is to be said of one plan: no plan, nothing to compare with, or budgets held and broken. */
export function planVerdict({ name, budgets, head, base, isRepredicted }: PlanSides): PlanVerdict {
  const none = { name, verdicts: [], base: baseState(base, isRepredicted) }
  if ('problems' in head)
    return { ...none, status: head.isInfeasible ? 'infeasible' : 'incomparable', problems: head.problems }
  if (base && 'problems' in base && !base.isInfeasible)
    return { ...none, status: 'incomparable', stepSeconds: steps(head), problems: base.problems }
  const compared = base && !('problems' in base) ? base : undefined
  const obstacles = compared
    ? incomparable(compared.plan, head.plan).filter(({ what }) => what === 'kind' || !isRepredicted)
    : []
  if (obstacles.length)
    return { ...none, status: 'incomparable', stepSeconds: steps(head), problems: obstacles.map(obstacleProblem(name)) }
  const verdicts = judge(budgets, head, compared)
  const problems = head.plan.prediction.fits ? [] : [doesNotFit(head)]
  return {
    name,
    status: problems.length ? 'infeasible' : statusOf(verdicts),
    base: none.base,
    verdicts,
    stepSeconds: steps(head, compared),
    ...(compared && compared !== head && { diff: planDiff(compared.plan, head.plan, limitsOf(compared, head)) }),
    problems,
  }
}

function baseState(base: Side | undefined, isRepredicted: boolean): BaseState {
  if (!base) return isRepredicted ? 'new' : 'no base'
  return 'problems' in base && base.isInfeasible ? 'infeasible in base' : 'compared'
}

function steps({ plan }: PredictedPlan, base?: PredictedPlan): PlanVerdict['stepSeconds'] {
  return { head: plan.prediction.stepSeconds, ...(base && { base: base.plan.prediction.stepSeconds }) }
}

function limitsOf(base: PredictedPlan, head: PredictedPlan): DiffContext {
  return { baseLimits: base.limitBytes, headLimits: head.limitBytes }
}

function statusOf(verdicts: readonly Verdict[]): PlanVerdict['status'] {
  const broken = verdicts.filter(({ status }) => status === 'broken' || status === 'unknown')
  if (broken.some(({ level }) => level === 'error')) return 'fail'
  return broken.length ? 'warn' : 'ok'
}

/** A run is predicted though it does not fit; a gate must say no. */
function doesNotFit({ plan, limitBytes }: PredictedPlan): Problem {
  const { peakBytes } = plan.prediction
  const over = (place: number) => peakBytes[place] - limitBytes[place]
  const fullest = peakBytes.reduce((most, _, place) => (over(place) > over(most) ? place : most), 0)
  return {
    code: 'E301',
    message: 'the plan does not fit in memory',
    where: `${plan.decisions.mesh ? 'pipeline rank' : 'device'} ${fullest}`,
    expected: `at most ${Math.floor(limitBytes[fullest])} bytes`,
    found: `${Math.ceil(peakBytes[fullest])} bytes`,
  }
}

function obstacleProblem(name: string) {
  return ({ what, base, head }: Obstacle): Problem => ({
    code: 'E402',
    message: `the base of ${name} was made with another ${what}`,
    where: name,
    expected: head,
    found: base,
    fix: 'compare with git:REF, which predicts both sides alike, or make the base again: stowage gate --write on its commit',
  })
}
