import type { Plan } from '../plan/index.js'
import type { Style } from '../report/style.js'
import type { PlanRequest } from '../verbs/planOperators.js'

export interface PlanFlags {
  readonly objective: string
  readonly contiguous: boolean
  /** Absent: for PipeDream's profiles, whose stages may be replicated. */
  readonly replicate?: boolean
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
  if (flags.objective !== 'throughput') return forStepTime(request, flags)
  const isProfile = request.model.format === 'pipedream' && flags.contiguous
  return flags.replicate || isProfile ? forStages(request, flags) : forThroughput(request, flags)
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
  const opCounts = new Int32Array(cluster.devices.length)
  for (const d of found.deviceOf) opCounts[d]++
  const view = { graph, cluster, memoryLimits, opCounts, bytes: found.bytes, plan }
  return { plan, text: (style) => throughputText(view, style) }
}

async function forStages(request: PlanRequest, { replicate = true }: PlanFlags): Promise<PlanAnswer> {
  const [{ planPipelineStages }, { throughputText }] = await Promise.all([
    import('../verbs/planPipelineStages.js'),
    import('../report/throughputText.js'),
  ])
  const { plan, problem, found } = planPipelineStages({ ...request, isReplicated: replicate })
  const { graph, cluster, memoryLimits } = problem
  const opCounts = new Int32Array(cluster.devices.length)
  for (const { ops, devices } of found.stages) for (const d of devices) opCounts[d] = ops.length
  const view = { graph, cluster, memoryLimits, opCounts, bytes: plan.prediction.peakBytes, plan }
  return { plan, text: (style) => throughputText(view, style) }
}
