import { costTable } from '../cost/index.js'
import { fail, Problems } from '../errors/index.js'
import type { Cluster } from '../hardware/index.js'
import { certify, measureLoads } from '../place/index.js'
import { clusterHash, graphHash, type Plan, readOrder, readPlacement } from '../plan/index.js'
import {
  type CommitOrder,
  completeOrder,
  opOrder,
  replay,
  type Schedule,
  type SchedulingProblem,
  schedulingProblem,
  verifyDevices,
  verifyOrder,
} from '../schedule/index.js'
import { type PredictedPlacement, predictPlacement } from '../simulate/index.js'
import type { LoadedGraph } from './loadGraph.js'
import { memoryLimits } from './memoryLimits.js'
import { countsOutputs, steadyState } from './planForThroughput.js'

export interface SimulateOperatorsRequest {
  readonly model: LoadedGraph
  readonly cluster: Cluster
  /** A map without order, completed by the rule of FORMATS, or a plan's decisions. */
  readonly placement:
    | { readonly map: ReadonlyMap<string, number>; readonly where: string }
    | { readonly plan: Plan; readonly where: string }
  readonly memoryLimitBytes?: number
  readonly reserveBytes: number
  readonly withSchedule: boolean
}

export interface SimulationAnswer extends PredictedPlacement {
  readonly problem: SchedulingProblem
  readonly schedule: Schedule
}

/** `stowage simulate` of an operator placement: replay in the scheduling core, the same that placers evaluate with. */
export function simulateOperators(request: SimulateOperatorsRequest): SimulationAnswer {
  const { model, cluster, placement } = request
  if (model.graph.ops.length === 0) fail('E206', 'there is nothing to simulate', { where: model.graph.name })
  const problem = schedulingProblem(
    model.graph,
    cluster,
    costTable(model.graph, cluster),
    memoryLimits(cluster, request),
  )
  const { deviceOf, order } =
    'plan' in placement ? fromPlan(problem, placement.plan, placement.where) : fromMap(problem, placement)
  const schedule = replay(problem, deviceOf, order)
  const predicted = predictPlacement(problem, schedule, {
    lowerBoundTicks: certify(problem).ticks,
    withSchedule: request.withSchedule,
  })
  if (!isForThroughput(placement)) return { ...predicted, problem, schedule }
  const loads = steadyState(problem, measureLoads(problem, deviceOf, countsOutputs(model)))
  return { ...predicted, prediction: { ...predicted.prediction, ...loads }, problem, schedule }
}

function isForThroughput(placement: SimulateOperatorsRequest['placement']): boolean {
  return 'plan' in placement && placement.plan.provenance.inputs.options.objective === 'throughput'
}

function fromMap(problem: SchedulingProblem, { map, where }: { map: ReadonlyMap<string, number>; where: string }) {
  const deviceOf = readPlacement(problem.graph, map, where)
  const problems = new Problems()
  verifyDevices(problem, deviceOf, problems)
  problems.throwIfAny()
  return { deviceOf, order: opOrder(completeOrder(problem, deviceOf)) }
}

function fromPlan(problem: SchedulingProblem, plan: Plan, where: string): { deviceOf: Int32Array; order: CommitOrder } {
  refuseStale(problem, plan, where)
  const { placement, order } = plan.decisions
  if (!placement)
    fail(
      'E601',
      plan.decisions.stages ? 'the plan has replicated stages, no placement to replay' : 'the plan places no ops',
      {
        where: `${where}#/decisions`,
      },
    )
  const deviceOf = readPlacement(problem.graph, new Map(Object.entries(placement)), `${where}#/decisions/placement`)
  const commitOrder = order
    ? readOrder(problem.graph, order, `${where}#/decisions/order`)
    : fromMap(problem, { map: new Map(Object.entries(placement)), where }).order
  verifyOrder(problem, deviceOf, commitOrder)
  return { deviceOf, order: commitOrder }
}

/** A plan counts only for the graph and cluster it was made for. */
function refuseStale({ graph, cluster }: SchedulingProblem, { provenance: { inputs } }: Plan, where: string): void {
  const problems = new Problems()
  const compare = (what: string, name: string, planned: string, now: string) => {
    if (planned !== now)
      problems.add('E401', `the ${what} is not the one the plan was made for`, {
        where: `${where}#/provenance/inputs/${what}`,
        expected: `${name}, sha256 ${planned.slice(0, 12)}...`,
        found: `sha256 ${now.slice(0, 12)}...`,
        fix: 'plan again, or give the input the plan was made for',
      })
  }
  compare('model', inputs.model.name, inputs.model.sha256, graphHash(graph))
  compare('cluster', inputs.cluster.name, inputs.cluster.sha256, clusterHash(cluster))
  problems.throwIfAny()
}
