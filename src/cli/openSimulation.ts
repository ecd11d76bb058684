import { existsSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { fail } from '../errors/index.js'
import { detectFormat } from '../formats/detect.js'
import { readJson } from '../formats/json.js'
import { readPlacementMap } from '../formats/placementMap.js'
import { readPlan } from '../formats/plan.js'
import type { Plan } from '../plan/index.js'
import { loadGraph } from '../verbs/loadGraph.js'
import type { SimulateOperatorsRequest } from '../verbs/simulateOperators.js'
import { parseBind, requiredCluster } from './modelFlags.js'
import { openCluster } from './openCluster.js'
import { openSource } from './source.js'

export interface SimulateFlags {
  readonly placement?: string
  readonly model?: string
  readonly cluster?: string
  readonly 'memory-limit'?: number
  readonly reserve: number
  readonly bind?: readonly string[]
  readonly schedule: boolean
}

/** Opens what `simulate` was given: a plan with the model and cluster it names, or a model with a placement map. */
export async function openSimulation(input: string, flags: SimulateFlags): Promise<SimulateOperatorsRequest> {
  const source = await openSource(input)
  const limits = { memoryLimitBytes: flags['memory-limit'], reserveBytes: flags.reserve, withSchedule: flags.schedule }
  if (detectFormat(source) === 'stowage.plan') {
    if (flags.placement)
      fail('E100', 'a plan has its own placement', {
        where: '--placement',
        fix: 'give the model file instead of the plan, or drop --placement',
      })
    const plan = readPlan(readJson(source), input)
    const recorded = plan.provenance.inputs.options
    return {
      ...limits,
      memoryLimitBytes: limits.memoryLimitBytes ?? (recorded.memoryLimitBytes as number | undefined),
      reserveBytes: limits.reserveBytes || ((recorded.reserveBytes as number | undefined) ?? 0),
      model: loadGraph(await openSource(flags.model ?? besidePlan(input, plan)), recordedBind(plan, flags.bind)),
      cluster: await openCluster(flags.cluster ?? clusterOf(input, plan)),
      placement: { plan, where: input },
    }
  }
  if (!flags.placement)
    fail('E100', 'a model alone cannot be simulated', { where: input, fix: 'give --placement MAP, or a plan' })
  return {
    ...limits,
    model: loadGraph(source, parseBind(flags.bind)),
    cluster: await openCluster(requiredCluster(flags.cluster)),
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

/** A preset by its name, or a cluster file beside the plan. */
function clusterOf(planPath: string, plan: Plan): string {
  const { name } = plan.provenance.inputs.cluster
  const beside = join(dirname(planPath), name)
  return existsSync(beside) ? beside : name
}

function recordedBind(plan: Plan, bind: readonly string[] | undefined): ReadonlyMap<string, number> {
  if (bind) return parseBind(bind)
  return new Map(Object.entries((plan.provenance.inputs.options.bind ?? {}) as Record<string, number>))
}
