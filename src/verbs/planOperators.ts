import type { CostTable } from '../cost/index.js'
import { costTable } from '../cost/index.js'
import type { Cluster } from '../hardware/index.js'
import { type PlacementPlan, type PlaceOptions, planPlacement as place } from '../place/index.js'
import {
  calibrationHash,
  clusterHash,
  graphHash,
  hashOf,
  type Plan,
  type Provenance,
  placementDecisions,
} from '../plan/index.js'
import { type SchedulingProblem, schedulingProblem } from '../schedule/index.js'
import { type PredictedPlacement, predictPlacement } from '../simulate/index.js'
import { explainPlacement } from './explainPlacement.js'
import type { LoadedGraph } from './loadGraph.js'
import { memoryLimits } from './memoryLimits.js'
import { toolVersion } from './toolVersion.js'

/** What every plan of an operator graph is asked with. */
export interface PlanRequest {
  readonly model: LoadedGraph
  readonly cluster: Cluster
  /** The file, without folders, or the preset: how a plan says which cluster it was made for. */
  readonly clusterName: string
  /** Largest bytes a device may hold; absent: its memory. */
  readonly memoryLimitBytes?: number
  /** Bytes per device kept free for context, libraries and fragmentation. */
  readonly reserveBytes: number
  /** Symbolic dimensions that were bound on import; recorded, so that the plan can be simulated again. */
  readonly bind: ReadonlyMap<string, number>
}

export interface PlanPlacementRequest extends PlanRequest, PlaceOptions {
  readonly withSchedule: boolean
}

export interface PlacementAnswer {
  readonly plan: Plan
  readonly problem: SchedulingProblem
  readonly costs: CostTable
  readonly found: PlacementPlan
  readonly predicted: PredictedPlacement
}

/** `stowage plan` of an operator graph: cost, schedule problem, placers, prediction, plan document. */
export async function planOperators(request: PlanPlacementRequest): Promise<PlacementAnswer> {
  const { model, cluster } = request
  const costs = costTable(model.graph, cluster)
  const problem = schedulingProblem(model.graph, cluster, costs, memoryLimits(cluster, request))
  const found = await place(problem, request)
  const predicted = predictPlacement(problem, found.placement.schedule, {
    lowerBoundTicks: found.bound.ticks,
    withSchedule: request.withSchedule,
    peakBytes: found.placement.peakBytes,
  })
  const decisions = placementDecisions(model.graph, found.placement.deviceOf, found.placement.order)
  const plan: Plan = {
    kind: 'stowage.plan',
    schemaVersion: '1.0',
    name: model.graph.name,
    provenance: provenanceOf(request, {
      placer: request.placer,
      ...(request.placer === 'auto' && { effort: request.effort }),
    }),
    decisions,
    prediction: predicted.prediction,
    explanation: explainPlacement(problem, costs, found, predicted),
    planHash: hashOf(decisions),
  }
  return { plan, problem, costs, found, predicted }
}

/** Which inputs a plan was made from, and the options that matter for making or simulating it again. */
export function provenanceOf(request: PlanRequest, options: Readonly<Record<string, unknown>>): Provenance {
  const { model, cluster, clusterName, memoryLimitBytes, reserveBytes, bind } = request
  return {
    tool: `stowage ${toolVersion}`,
    inputs: {
      model: { name: model.fileName, sha256: graphHash(model.graph) },
      cluster: { name: clusterName, sha256: clusterHash(cluster) },
      calibration: { name: 'data sheets', sha256: calibrationHash(cluster) },
      options: {
        strategy: 'placement',
        ...options,
        ...(memoryLimitBytes !== undefined && { memoryLimitBytes }),
        ...(reserveBytes && { reserveBytes }),
        ...(bind.size && { bind: Object.fromEntries([...bind].sort()) }),
        ...(model.training && { mode: 'training', ...model.training }),
      },
    },
  }
}
