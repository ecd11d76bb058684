import { costTable } from '../cost/index.js'
import { formatBytes, formatSeconds } from '../errors/index.js'
import { certify, type measureLoads, planThroughput, type ThroughputPlan } from '../place/index.js'
import { type Explanation, hashOf, type PlacementPrediction, type Plan } from '../plan/index.js'
import { completeOrder, opOrder, replay, type SchedulingProblem, schedulingProblem } from '../schedule/index.js'
import { predictPlacement } from '../simulate/index.js'
import type { LoadedGraph } from './loadGraph.js'
import { memoryLimits } from './memoryLimits.js'
import { type PlanRequest, provenanceOf } from './planOperators.js'

export interface PlanThroughputRequest extends PlanRequest {
  readonly isContiguous: boolean
  readonly effort: number
}

export interface ThroughputAnswer {
  readonly plan: Plan
  readonly problem: SchedulingProblem
  readonly found: ThroughputPlan
}

/** `stowage plan --objective throughput`: the placement with the least largest device load in the steady state of many microbatches. */
export function planForThroughput(request: PlanThroughputRequest): ThroughputAnswer {
  const { model, cluster, isContiguous, effort } = request
  const costs = costTable(model.graph, cluster)
  const problem = schedulingProblem(model.graph, cluster, costs, memoryLimits(cluster, request))
  const found = planThroughput(problem, { isContiguous, effort, countsOutputs: countsOutputs(model) })
  const schedule = replay(problem, found.deviceOf, opOrder(completeOrder(problem, found.deviceOf)))
  const { prediction } = predictPlacement(problem, schedule, { lowerBoundTicks: certify(problem).ticks })
  const decisions = {
    placement: Object.fromEntries(model.graph.ops.map((op, i) => [op.name, found.deviceOf[i]])),
  }
  const plan: Plan = {
    kind: 'stowage.plan',
    schemaVersion: '1.0',
    name: model.graph.name,
    provenance: provenanceOf(request, { objective: 'throughput', contiguous: isContiguous, effort }),
    decisions,
    prediction: {
      ...prediction,
      ...steadyState(problem, found),
      maxLoadLowerBoundSeconds: Math.min(found.bound.ticks, Math.max(...found.loadTicks)) / problem.ticksPerSecond,
    },
    explanation: { ...explain(problem, found, isContiguous), assumed: costs.assumed },
    planHash: hashOf(decisions),
  }
  return { plan, problem, found }
}

/** Sizes in these profiles are all that an op keeps, outputs included. */
export function countsOutputs({ format }: LoadedGraph): boolean {
  return format !== 'dnn-partitioning'
}

/** What a plan made for throughput predicts beside the step of one microbatch; `fits` goes by what devices hold while many stream through. */
export function steadyState(
  { ticksPerSecond, memoryLimits: limits }: SchedulingProblem,
  { loadTicks, bytes }: ReturnType<typeof measureLoads>,
): Pick<PlacementPrediction, 'maxLoadSeconds' | 'loadSeconds' | 'fits'> {
  return {
    maxLoadSeconds: Math.max(...loadTicks) / ticksPerSecond,
    loadSeconds: [...loadTicks].map((ticks) => ticks / ticksPerSecond),
    fits: bytes.every((held, d) => held <= limits[d]),
  }
}

const bindingMemoryShare = 0.95

function explain(
  { graph, ticksPerSecond, memoryLimits: limits }: SchedulingProblem,
  { loadTicks, workTicks, bytes, bound, method, tiedOps }: ThroughputPlan,
  isContiguous: boolean,
): Explanation {
  const busiest = loadTicks.reduce((at, ticks, d) => (ticks > loadTicks[at] ? d : at), 0)
  const seconds = (ticks: number) => formatSeconds(ticks / ticksPerSecond)
  const binding = [
    `device ${busiest}: compute ${seconds(workTicks[busiest])}, transfers ${seconds(Math.max(0, loadTicks[busiest] - workTicks[busiest]))}`,
  ]
  bytes.forEach((held, d) => {
    if (held > bindingMemoryShare * limits[d])
      binding.push(`memory of device ${d}: ${formatBytes(held)} of ${formatBytes(limits[d])}`)
  })
  if (isContiguous && graph.ops.length > 1 && tiedOps > graph.ops.length / 2)
    binding.push(
      `colocation groups tie ${tiedOps} of ${graph.ops.length} ops to one contiguous device: --no-contiguous parts them`,
    )
  // Times are sums of whole ticks, but a pool's share of one need not be whole.
  const isOptimal = loadTicks[busiest] <= bound.ticks * (1 + 1e-12)
  const kind = isContiguous ? 'contiguous' : 'not contiguous'
  return {
    placer: `throughput, ${kind}`,
    binding,
    alternatives: [],
    proof: isOptimal
      ? `optimal: ${proofs[bound.argument]} (${method})`
      : `lower bound by ${bound.argument}; found by ${method}`,
  }
}

const proofs = {
  work: 'the work bound is met',
  cut: 'the least-cut bound is met',
  exhaustion: 'every other plan was ruled out',
} as const
