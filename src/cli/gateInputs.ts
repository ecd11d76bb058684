import { basename, dirname, join, resolve } from 'node:path'
import { readCluster } from '../formats/cluster.js'
import type { PlanEntry } from '../formats/configSchema.js'
import { readJson, readSmallJson } from '../formats/json.js'
import { readAnyPlan } from '../formats/plan.js'
import type { Source } from '../formats/source.js'
import type { Bound } from '../gate/index.js'
import { type Cluster, resolveClusterName } from '../hardware/index.js'
import { isRunPlan, type Plan, type RunPlan } from '../plan/index.js'
import type { ConfiguredPlan, GraphToPlan } from '../verbs/configuredPlan.js'
import { gateRunTables } from './gateRunTables.js'
import type { Side } from './gateSide.js'
import { shippedModel } from './models.js'
import { shippedHardware } from './openCluster.js'
import { openSource } from './source.js'
import { parseTraining, recordedTraining } from './trainingFlags.js'

/** Opens what a plan of the config is made from, on this side. */
export async function openEntry(entry: PlanEntry, side: Side): Promise<ConfiguredPlan> {
  if (entry.plan !== undefined) return openRecorded(entry, entry.plan, side)
  if (entry.training) {
    const { model, cluster, training, pin: parallelism, stack } = entry
    const document = { model, cluster, training, ...(parallelism && { parallelism }), ...(stack && { stack }) }
    return { run: { document, where: entry.name, tables: gateRunTables(side) } }
  }
  const { recompute, placer, effort = 1, memoryLimit, reserve, bind = {} } = entry
  return {
    graph: {
      ...(await graphFiles(entry, side)),
      load: {
        formatIn: entry.formatIn,
        profile: entry.profile === undefined ? undefined : await side.tree.open(resolve(side.folder, entry.profile)),
        training: parseTraining({ ...entry, recompute: typeof recompute === 'string' ? [recompute] : recompute }),
      },
      bind: new Map(Object.entries(bind)),
      memoryLimitBytes: bytesOf(memoryLimit),
      reserveBytes: bytesOf(reserve) ?? 0,
      placer: side.forcedPlacer ?? placer ?? side.placer,
      effort,
    },
  }
}

/** A committed plan with the inputs it names, beside it or where the entry says. */
async function openRecorded(entry: PlanEntry, file: string, side: Side): Promise<ConfiguredPlan> {
  const path = resolve(side.folder, file)
  const where = side.tree.nameOf(path)
  const plan = readAnyPlan(readJson(await side.tree.open(path)), where)
  const { model, cluster, options } = plan.provenance.inputs
  const near = (name: string) =>
    [dirname(path), side.folder].map((folder) => join(folder, name)).find((each) => side.tree.has(each))
  const named = {
    model: entry.model ?? near(model.name) ?? model.name,
    cluster: entry.cluster ?? near(cluster.name) ?? cluster.name,
  }
  if (isRunPlan(plan)) {
    const document = {
      ...(options.run as object),
      ...(typeof runOf(plan).model === 'string' && { model: named.model }),
      ...(typeof runOf(plan).cluster === 'string' && { cluster: named.cluster }),
    }
    return { run: { document, where, tables: gateRunTables(side), recorded: { plan, where } } }
  }
  return { graph: { ...(await graphFiles(named, side)), ...recordedOptions(plan), recorded: { plan, where } } }
}

function runOf({ provenance }: RunPlan): { readonly model?: unknown; readonly cluster?: unknown } {
  return provenance.inputs.options.run as object
}

function recordedOptions({ provenance }: Plan): Omit<GraphToPlan, 'model' | 'cluster'> {
  const { options } = provenance.inputs
  return {
    load: { training: parseTraining(recordedTraining(options, {})) },
    bind: new Map(Object.entries((options.bind ?? {}) as Record<string, number>)),
    memoryLimitBytes: options.memoryLimitBytes as number | undefined,
    reserveBytes: (options.reserveBytes as number | undefined) ?? 0,
    placer: 'auto',
    effort: 0,
  }
}

async function graphFiles({ model = '', cluster }: Pick<PlanEntry, 'model' | 'cluster'>, side: Side) {
  return {
    model: await openModel(model, side),
    ...(cluster !== undefined && {
      cluster: { cluster: await openCluster(cluster, side), clusterName: basename(cluster) },
    }),
  }
}

/** A file of the side, else a model that comes with the program. */
async function openModel(text: string, { tree, folder }: Side): Promise<Source> {
  const path = resolve(folder, text)
  return !tree.has(path) && shippedModel(text) ? openSource(text) : tree.open(path)
}

async function openCluster(text: string, { tree, folder }: Side): Promise<Cluster> {
  const { catalogue, presets } = shippedHardware()
  const path = resolve(folder, text)
  if (!/[/\\]|\.json(\.gz)?$/i.test(text) && !tree.has(path)) return resolveClusterName(text, catalogue, presets)
  const source = await tree.open(path)
  return readCluster(readSmallJson(source), catalogue, source.name)
}

function bytesOf(bound: Bound | undefined): number | undefined {
  return bound && Math.floor(bound.value)
}
