import { createHash } from 'node:crypto'
import { fail } from '../errors/index.js'
import type { Source } from '../formats/source.js'
import type { PredictedPlan } from '../gate/index.js'
import type { Cluster } from '../hardware/index.js'
import type { PlacerName } from '../place/index.js'
import { calibrationHash, clusterHash, hashOf, type Plan, type RunPlan } from '../plan/index.js'
import { judgedPlacement } from './configuredPlacement.js'
import { type LoadedGraph, type LoadOptions, loadGraph } from './loadGraph.js'
import { planOperators, provenanceOf } from './planOperators.js'
import { planRun } from './planRun.js'
import { simulateOperators } from './simulateOperators.js'
import type { RunTables } from './simulateRun.js'

/** An operator graph to place, or with `recorded` a plan of it to predict again. */
export interface GraphToPlan {
  readonly model: Source
  readonly load: LoadOptions
  readonly bind: ReadonlyMap<string, number>
  /** Absent: the one that the model's file names. */
  readonly cluster?: { readonly cluster: Cluster; readonly clusterName: string }
  readonly memoryLimitBytes?: number
  readonly reserveBytes: number
  readonly placer: PlacerName | 'auto'
  readonly effort: number
  readonly recorded?: { readonly plan: Plan; readonly where: string }
}

/** A training run with given degrees; with `recorded` its decisions must come out again. */
export interface RunToPlan {
  readonly document: Readonly<Record<string, unknown>>
  readonly where: string
  readonly tables: RunTables
  readonly recorded?: { readonly plan: RunPlan; readonly where: string }
}

export type ConfiguredPlan = { readonly graph: GraphToPlan } | { readonly run: RunToPlan }

/** Makes plans of one config and its base. What was asked before in the same words, with files of the same content, is not planned again. Plans that are written, or compared with written ones, are whole: with their lower bound. */
export function configuredPlanner(isWritten: boolean): (asked: ConfiguredPlan) => Promise<PredictedPlan> {
  const graphs = new Map<string, LoadedGraph>()
  const plans = new Map<string, Promise<PredictedPlan>>()
  return (asked) => {
    if ('run' in asked) return predictRunPlan(asked.run)
    const { graph } = asked
    const modelKey = keyOfModel(graph)
    return remembered(plans, keyOfPlan(graph, modelKey), () =>
      predictGraphPlan(
        graph,
        isWritten,
        remembered(graphs, modelKey, () => loadGraph(graph.model, graph.bind, graph.load)),
      ),
    )
  }
}

async function predictGraphPlan(asked: GraphToPlan, isWritten: boolean, model: LoadedGraph): Promise<PredictedPlan> {
  const named =
    asked.cluster ??
    (model.cluster && { cluster: model.cluster, clusterName: model.cluster.name }) ??
    fail('E100', 'no cluster is given', { where: asked.model.name, fix: 'add "cluster" to the plan, such as "h100x8"' })
  const request = { ...asked, ...named, model, lpSolver: 'auto' as const, withSchedule: false }
  if (!asked.recorded) {
    if (!isWritten) return judgedPlacement(request)
    const { plan, problem } = await planOperators(request)
    return { plan, limitBytes: problem.memoryLimits }
  }
  const { plan: recorded } = asked.recorded
  const { prediction, problem } = simulateOperators({ ...request, placement: asked.recorded })
  // Options are part of the record; what predicts is today's program.
  const { tool, inputs } = provenanceOf(request, {})
  const provenance = { tool, inputs: { ...inputs, options: recorded.provenance.inputs.options } }
  return { plan: { ...recorded, provenance, prediction }, limitBytes: problem.memoryLimits }
}

async function predictRunPlan({ document, where, tables, recorded }: RunToPlan): Promise<PredictedPlan> {
  const plan = planRun(document, where, tables)
  if (recorded && recorded.plan.planHash !== plan.planHash)
    fail('E401', 'the plan does not decide what its run gives today', {
      where: recorded.where,
      expected: `planHash ${plan.planHash.slice(0, 12)}...`,
      found: `planHash ${recorded.plan.planHash.slice(0, 12)}...`,
      fix: 'plan again',
    })
  const { memoryLimitBytes, peakBytes } = plan.prediction
  return { plan, limitBytes: peakBytes.map(() => memoryLimitBytes) }
}

function remembered<T>(known: Map<string, T>, key: string | undefined, make: () => T): T {
  if (key === undefined) return make()
  const found = known.get(key) ?? make()
  known.set(key, found)
  return found
}

/** A larger file is not read whole for its hash: readers of graphs leave weights alone. */
const mostHashedBytes = 64 * 2 ** 20

function keyOfModel({ model, load, bind }: GraphToPlan): string | undefined {
  if (model.size > mostHashedBytes || (load.profile?.size ?? 0) > mostHashedBytes) return undefined
  const { profile, ...rest } = load
  return hashOf([fileNameOf(model), contentOf(model), profile && contentOf(profile), [...bind].sort(), rest])
}

function keyOfPlan(asked: GraphToPlan, modelKey: string | undefined): string | undefined {
  if (modelKey === undefined) return undefined
  const { cluster: named, memoryLimitBytes, reserveBytes, placer, effort, recorded } = asked
  const cluster = named && [named.clusterName, clusterHash(named.cluster), calibrationHash(named.cluster)]
  return hashOf([modelKey, cluster, memoryLimitBytes, reserveBytes, placer, effort, recorded?.plan])
}

const fileNameOf = ({ name }: Source) => name.split(/[\\/]/).pop()

const contentOf = (source: Source) => createHash('sha256').update(source.read(0, source.size)).digest('hex')
