import { gateCauses } from './gateCauses.js'
import type { GateView, PlanView } from './gateView.js'

/** The report as a stowage.gate document: of a diff, what moved and why; op by op, `stowage diff` tells. */
export function gateDocument({ plans, ...report }: GateView): object {
  return { ...report, plans: plans.map(planDocument) }
}

function planDocument({ diff, ...plan }: PlanView): object {
  if (!diff) return plan
  const figures = diff.prediction.figures.filter(({ difference }) => difference !== 0)
  return {
    ...plan,
    changes: {
      same: diff.same,
      inputs: diff.why.inputs,
      options: diff.why.options,
      because: diff.same ? [] : gateCauses(diff),
      figures,
    },
  }
}
