import type { Plan, PlanExplanation, RunPlan, WhyNot } from '../plan/index.js'

/** Why a plan is what it is, as `stowage explain` answers. */
export function explainPlan({ name, prediction, explanation }: Plan | RunPlan, whyNot?: WhyNot): PlanExplanation {
  return {
    kind: 'stowage.explanation',
    schemaVersion: '1.0',
    name,
    stepSeconds: prediction.stepSeconds,
    ...explanation,
    ...(whyNot && { whyNot }),
  }
}
