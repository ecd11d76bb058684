import type { Plan } from '../plan/index.js'
import type { Style } from '../report/style.js'
import type { PlanRequest } from '../verbs/planOperators.js'

export interface PlanFlags {
  readonly objective: string
  readonly contiguous: boolean
  readonly placer: string
  readonly 'lp-solver': string
  readonly effort: number
  readonly schedule: boolean
}

export interface PlanAnswer {
  readonly plan: Plan
  text(style: Style): string
}

/** The plan that the flags ask for, made by the verb of its objective, and its text. */
export function planAnswer(request: PlanRequest, flags: PlanFlags): Promise<PlanAnswer> {
  return flags.objective === 'throughput' ? forThroughput(request, flags) : forStepTime(request, flags)
}

async function forStepTime(request: PlanRequest, flags: PlanFlags): Promise<PlanAnswer> {
  const [{ planOperators }, { placementText }] = await Promise.all([
    import('../verbs/planOperators.js'),
    import('../report/placementText.js'),
  ])
  const { plan, problem, found } = await planOperators({
    ...request,
    placer: flags.placer as 'auto',
    lpSolver: flags['lp-solver'] as 'auto',
    effort: flags.effort,
    withSchedule: flags.schedule,
  })
  const { graph, cluster, memoryLimits } = problem
  const { deviceOf } = found.placement
  const view = { graph, cluster, memoryLimits, deviceOf, prediction: plan.prediction, plan }
  return { plan, text: (style) => placementText(view, style) }
}

async function forThroughput(request: PlanRequest, { contiguous, effort }: PlanFlags): Promise<PlanAnswer> {
  const [{ planForThroughput }, { throughputText }] = await Promise.all([
    import('../verbs/planForThroughput.js'),
    import('../report/throughputText.js'),
  ])
  const { plan, problem, found } = planForThroughput({ ...request, isContiguous: contiguous, effort })
  const { graph, cluster, memoryLimits } = problem
  const view = { graph, cluster, memoryLimits, deviceOf: found.deviceOf, bytes: found.bytes, plan }
  return { plan, text: (style) => throughputText(view, style) }
}
