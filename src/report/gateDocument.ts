import type { GateReport, PlanVerdict } from '../gate/index.js'
import { gateCauses } from './gateCauses.js'

/** The report as a stowage.gate document: of a diff, what moved and why; op by op, `stowage diff` tells. */
export function gateDocument({ plans, ...report }: GateReport): object {
  return { ...report, plans: plans.map(planDocument) }
}

function planDocument({ diff, ...plan }: PlanVerdict): object {
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
