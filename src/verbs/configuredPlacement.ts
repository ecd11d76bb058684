import { costTable } from '../cost/index.js'
import type { PredictedPlan } from '../gate/index.js'
import { checkFeasible } from '../place/checkFeasible.js'
import { placers } from '../place/index.js'
import { withinLimits } from '../place/withinLimits.js'
import { hashOf, placementDecisions } from '../plan/index.js'
import { schedulingProblem } from '../schedule/index.js'
import { predictPlacement } from '../simulate/index.js'
import { memoryLimits } from './memoryLimits.js'
import { type PlanPlacementRequest, planOperators, provenanceOf } from './planOperators.js'

/**
 * The plan of `planOperators` with the same decisions and step, where it is only judged: of a single placer, without the certified lower bound, which
 * takes half of the time and which no budget asks for.
 */
export async function judgedPlacement(request: PlanPlacementRequest): Promise<PredictedPlan> {
  const { model, cluster, placer } = request
  const { graph } = model
  if (placer !== 'auto' && placer !== 'optimal' && graph.ops.length > 0) {
    const problem = schedulingProblem(graph, cluster, costTable(graph, cluster), memoryLimits(cluster, request))
    checkFeasible(problem)
    const attempt = withinLimits(problem, await placers[placer](problem, request))
    if ('placement' in attempt) {
      const { deviceOf, order, schedule, peakBytes } = attempt.placement
      const decisions = placementDecisions(graph, deviceOf, order)
      const plan = {
        kind: 'stowage.plan' as const,
        schemaVersion: '1.0',
        name: graph.name,
        provenance: provenanceOf(request, { placer }),
        decisions,
        prediction: predictPlacement(problem, schedule, { lowerBoundTicks: 0, peakBytes }).prediction,
        planHash: hashOf(decisions),
      }
      return { plan, limitBytes: problem.memoryLimits }
    }
  }
  // What it throws tells the nearest miss.
  const { plan, problem } = await planOperators(request)
  return { plan, limitBytes: problem.memoryLimits }
}
