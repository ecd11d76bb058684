import type { PredictedPlan } from '../gate/index.js'
import { type PlanPlacementRequest, planOperators } from './planOperators.js'

/** The plan of `planOperators`, where it is only judged: no budget asks for the lower bound, which takes half of the time. */
export async function judgedPlacement(request: PlanPlacementRequest): Promise<PredictedPlan> {
  const { plan, problem } = await planOperators({ ...request, bound: 'none' })
  return { plan, limitBytes: problem.memoryLimits }
}
