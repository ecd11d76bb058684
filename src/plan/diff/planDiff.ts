import { causes } from './causes.js'
import { decisionsDiff } from './decisionsDiff.js'
import { predictionDiff } from './predictionDiff.js'
import type { ComparedPlan, PlanDiff, Skipped } from './types.js'

/** What a plan does not say of itself. */
export interface DiffContext {
  /** The module that an op lies in, where its name does not tell. */
  readonly moduleOf?: (op: string) => string | undefined
  /** Bytes that each device may hold, for headroom. */
  readonly baseLimits?: ArrayLike<number>
  readonly headLimits?: ArrayLike<number>
}

/**
 * Decisions and predictions of two plans side by side, and which inputs differ. Whether the figures mean the same is not asked here: `incomparable` says.
 * Nothing is left out in silence: what is not compared stands in `skipped`.
 */
export function planDiff(base: ComparedPlan, head: ComparedPlan, context: DiffContext = {}): PlanDiff {
  const decisions = decisionsDiff(base.decisions, head.decisions, context.moduleOf)
  const { skipped, ...prediction } = predictionDiff(base.prediction, head.prediction, context)
  return {
    same: decisions.same && prediction.same,
    base: { name: base.name, planHash: base.planHash },
    head: { name: head.name, planHash: head.planHash },
    why: causes(base.provenance, head.provenance),
    decisions,
    prediction,
    skipped: [...[...skipped].sort((a, b) => (a.what < b.what ? -1 : 1)), ...assumptions(base, head)],
  }
}

/** What a planner took for granted limits what its figures say. */
function assumptions(base: ComparedPlan, head: ComparedPlan): Skipped[] {
  const [inBase, inHead] = [base, head].map(({ explanation }) => new Set(explanation?.assumed ?? []))
  return [...new Set([...inBase, ...inHead])].sort().map((what) => {
    const side = inBase.has(what) ? (inHead.has(what) ? 'both' : 'base') : 'head'
    return { what, in: side, why: 'assumed' }
  })
}
