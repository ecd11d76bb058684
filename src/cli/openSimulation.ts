import { existsSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { fail } from '../errors/index.js'
import { formatOf } from '../formats/detect.js'
import { readJson } from '../formats/json.js'
import { readPlacementMap } from '../formats/placementMap.js'
import { readPlan } from '../formats/plan.js'
import type { Cluster } from '../hardware/index.js'
import type { Plan } from '../plan/index.js'
import { type LoadedGraph, loadGraph } from '../verbs/loadGraph.js'
import type { SimulateOperatorsRequest } from '../verbs/simulateOperators.js'
import { refuseFlags } from './applicable.js'
import { clusterFor } from './clusterFor.js'
import { loadOptions } from './loadOptions.js'
import { parseBind } from './modelFlags.js'
import { openCluster } from './openCluster.js'
import { openSource } from './source.js'
import { recordedTraining, type TrainingFlags } from './trainingFlags.js'

export interface SimulateFlags extends TrainingFlags {
  readonly placement?: string
  readonly model?: string
  readonly cluster?: string
  readonly 'memory-limit'?: number
  readonly reserve: number
  readonly bind?: readonly string[]
  readonly schedule: boolean
  readonly 'format-in'?: string
  readonly profile?: string
}

/** Opens what `simulate` was given: a plan with the model and cluster it names, or a model with a placement map. */
export async function openSimulation(input: string, flags: SimulateFlags): Promise<SimulateOperatorsRequest> {
  const source = await openSource(input)
  const limits = { memoryLimitBytes: flags['memory-limit'], reserveBytes: flags.reserve, withSchedule: flags.schedule }
  if (formatOf(source, flags['format-in']) === 'stowage.plan') {
    if (flags.placement)
      fail('E100', 'a plan has its own placement', {
        where: '--placement',
        fix: 'give the model file instead of the plan, or drop --placement',
      })
    const plan = readPlan(readJson(source), input)
    const recorded = plan.provenance.inputs.options
    const bind = recordedBind(plan, flags.bind)
    // The format that was named is the plan's.
    const plannedFlags = { ...flags, ...recordedTraining(recorded, flags), 'format-in': undefined }
    const model = loadGraph(
      await openSource(flags.model ?? besidePlan(input, plan)),
      bind,
      await loadOptions(plannedFlags),
    )
    return {
      ...limits,
      memoryLimitBytes: limits.memoryLimitBytes ?? (recorded.memoryLimitBytes as number | undefined),
      reserveBytes: limits.reserveBytes || ((recorded.reserveBytes as number | undefined) ?? 0),
      model,
      cluster: await plannedCluster(input, plan, model, flags.cluster),
      placement: { plan, where: input },
    }
  }
  refuseFlags({ ...flags }, ['model'], 'a model file')
  if (!flags.placement)
    fail('E100', 'a model alone cannot be simulated', { where: input, fix: 'give --placement MAP, or a plan' })
  const model = loadGraph(source, parseBind(flags.bind), await loadOptions(flags))
  const { cluster } = await clusterFor(flags.cluster, model)
  return {
    ...limits,
    model,
    cluster,
    placement: {
      map: readPlacementMap(readJson(await openSource(flags.placement)), flags.placement),
      where: flags.placement,
    },
  }
}

/** Plans name their inputs without folders: looked for beside the plan, then in the working directory. */
function besidePlan(planPath: string, plan: Plan): string {
  const { name } = plan.provenance.inputs.model
  const found = [join(dirname(planPath), name), name].find((path) => existsSync(path))
  return (
    found ??
    fail('E101', `the plan's model ${name} is not here`, {
      where: `${planPath}#/provenance/inputs/model`,
      fix: `give --model path/to/${name}`,
    })
  )
}

/** The one asked for, the one that the model's file names, a cluster file beside the plan, or a preset by its name. */
async function plannedCluster(planPath: string, plan: Plan, model: LoadedGraph, asked?: string): Promise<Cluster> {
  const { name } = plan.provenance.inputs.cluster
  if (asked === undefined && model.cluster?.name === name) return model.cluster
  const beside = join(dirname(planPath), name)
  return openCluster(asked ?? (existsSync(beside) ? beside : name))
}

function recordedBind(plan: Plan, bind: readonly string[] | undefined): ReadonlyMap<string, number> {
  if (bind) return parseBind(bind)
  return new Map(Object.entries((plan.provenance.inputs.options.bind ?? {}) as Record<string, number>))
}
