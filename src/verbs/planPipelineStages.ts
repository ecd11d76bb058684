import { costTable } from '../cost/index.js'
import { formatSeconds } from '../errors/index.js'
import { planStages, type StagesPlan } from '../place/index.js'
import { hashOf, type PlacementPrediction, type Plan, type StageDecision } from '../plan/index.js'
import { type SchedulingProblem, schedulingProblem } from '../schedule/index.js'
import type { LoadedGraph } from './loadGraph.js'
import { memoryLimits } from './memoryLimits.js'
import { type PlanRequest, provenanceOf } from './planOperators.js'

export interface PlanStagesRequest extends PlanRequest {
  /** False: a straight pipeline, one device a stage. */
  readonly isReplicated: boolean
}

export interface StagesAnswer {
  readonly plan: Plan
  readonly problem: SchedulingProblem
  readonly found: StagesPlan
}

/** `stowage plan --objective throughput --replicate`: pipeline stages, each on one or several devices. */
export function planPipelineStages(request: PlanStagesRequest): StagesAnswer {
  const { model, cluster, isReplicated } = request
  const costs = costTable(model.graph, cluster)
  const problem = schedulingProblem(model.graph, cluster, costs, memoryLimits(cluster, request))
  const found = planStages(problem, {
    mostReplicas: isReplicated ? problem.deviceCount : 1,
    opsHoldBackward: opsHoldBackward(model),
    bindsMemory: request.memoryLimitBytes !== undefined,
    inputOps: inputOps(model),
  })
  const stages = found.stages.map(
    ({ ops, devices }, index): StageDecision => ({
      index,
      devices,
      modules: ops.map((op) => model.graph.ops[op].name),
    }),
  )
  const slowest = found.stages.reduce((at, { seconds }, s) => (seconds > found.stages[at].seconds ? s : at), 0)
  const { computeSeconds, seconds } = found.stages[slowest]
  const plan: Plan = {
    kind: 'stowage.plan',
    schemaVersion: '1.0',
    name: model.graph.name,
    provenance: provenanceOf(request, { objective: 'throughput', replicate: isReplicated }),
    decisions: { stages },
    prediction: predict(problem, found, slowest),
    explanation: {
      placer: isReplicated ? 'pipeline of replicated stages' : 'straight pipeline',
      binding: [`stage ${slowest}: compute ${formatSeconds(computeSeconds)} of ${formatSeconds(seconds)}`],
      alternatives: [],
      proof: found.isProved ? `optimal: ${found.method}` : `lower bound by work; found by ${found.method}`,
      assumed: costs.assumed,
    },
    planHash: hashOf({ stages }),
  }
  return { plan, problem, found }
}

/** A PipeDream profile gives one op forward and backward time together; other graphs have ops of their own for backward. */
function opsHoldBackward({ format }: LoadedGraph): boolean {
  return format === 'pipedream'
}

/** In PipeDream's profiles the time of an input is that of loading data, which its planner leaves out. */
function inputOps(model: LoadedGraph): ReadonlySet<number> {
  const { ops, inStart } = model.graph
  const found = ops.flatMap(({ type }, op) => (type.startsWith('Input') && inStart[op] === inStart[op + 1] ? [op] : []))
  return new Set(opsHoldBackward(model) ? found : [])
}

/** In the steady state a step is what the slowest stage takes for one microbatch. */
function predict(
  { deviceCount, memoryLimits: limits }: SchedulingProblem,
  { stages, maxSeconds, boundSeconds }: StagesPlan,
  slowest: number,
): PlacementPrediction {
  const byDevice = (value: (stage: StagesPlan['stages'][number]) => number) => {
    const values = new Array<number>(deviceCount).fill(0)
    for (const stage of stages) for (const d of stage.devices) values[d] = value(stage)
    return values
  }
  const peakBytes = byDevice(({ bytes }) => bytes)
  const compute = stages[slowest].computeSeconds
  return {
    stepSeconds: maxSeconds,
    lowerBoundSeconds: boundSeconds,
    maxLoadSeconds: maxSeconds,
    maxLoadLowerBoundSeconds: boundSeconds,
    loadSeconds: byDevice(({ seconds }) => seconds),
    computeSeconds: byDevice(({ computeSeconds }) => computeSeconds),
    peakBytes,
    fits: peakBytes.every((bytes, d) => bytes <= limits[d]),
    breakdown: { compute, exposedCommunication: maxSeconds - compute, other: 0 },
    unmodelledFlopsFraction: 0,
  }
}
