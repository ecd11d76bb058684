import { existsSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { fail, UserError } from '../errors/index.js'
import { formatOf } from '../formats/detect.js'
import { readJson } from '../formats/json.js'
import { readAnyPlan } from '../formats/plan.js'
import type { Source } from '../formats/source.js'
import type { Cluster } from '../hardware/index.js'
import { isRunPlan, type Plan } from '../plan/index.js'
import type { DiffedPlan, DiffRequest } from '../verbs/diffPlans.js'
import { openCluster } from './openCluster.js'
import { openSource } from './source.js'

/** Opens the plans, their clusters where they are at hand, and the model that says which module an op lies in. */
export async function diffInputs(basePath: string, headPath: string, modelPath?: string): Promise<DiffRequest> {
  if (basePath === '-' && headPath === '-')
    fail('E100', 'stdin cannot be both plans', { where: 'stowage diff - -', fix: 'give a file for one of them' })
  const base = await openPlan(basePath)
  const head = await openPlan(headPath)
  return { base, head, ...(modelPath !== undefined && { moduleOf: await modules(modelPath, head) }) }
}

async function openPlan(path: string): Promise<DiffedPlan> {
  const source = await openSource(path)
  const plan = readAnyPlan(planDocument(source), source.name)
  return { plan, where: source.name, ...(!isRunPlan(plan) && { cluster: await clusterOf(plan, path) }) }
}

/** Parsed once: a plan has its kind behind its long lists, where detection finds it by parsing the whole. */
function planDocument(source: Source): unknown {
  if (/^\s*\{/.test(new TextDecoder().decode(source.read(0, 64)))) {
    const value = readJson(source)
    if ((value as { readonly kind?: unknown }).kind === 'stowage.plan') return value
  }
  const format = formatOf(source)
  if (format === 'stowage.plan') return readJson(source)
  return fail('E102', `${source.name} is no plan`, {
    where: source.name,
    expected: 'stowage.plan',
    found: format,
    fix: 'stowage plan MODEL -c CLUSTER -o plan.json makes one of a model',
  })
}

/** A preset, or a file beside the plan or here; none is no failure, since it only says what a device may hold. */
async function clusterOf(plan: Plan, path: string): Promise<Cluster | undefined> {
  const { name } = plan.provenance.inputs.cluster
  const beside = join(dirname(path), name)
  try {
    return await openCluster(existsSync(beside) ? beside : name)
  } catch (error) {
    if (error instanceof UserError) return undefined
    throw error
  }
}

/** Modules of the head's model: the ops that were there before keep theirs, and those that are gone go by their names. */
async function modules(path: string, { plan, where }: DiffedPlan): Promise<(op: string) => string | undefined> {
  if (isRunPlan(plan))
    fail('E100', '--model means nothing for plans of training runs', {
      where: '--model',
      fix: `drop it: ${where} names modules`,
    })
  // Readers of models are slow to load, and few diffs need one.
  const [{ loadGraph }, { loadOptions }, { recordedTraining }, { modulesOf }] = await Promise.all([
    import('../verbs/loadGraph.js'),
    import('./loadOptions.js'),
    import('./trainingFlags.js'),
    import('../graph/index.js'),
  ])
  const { options } = plan.provenance.inputs
  const bind = new Map(Object.entries((options.bind ?? {}) as Record<string, number>))
  const { graph } = loadGraph(await openSource(path), bind, await loadOptions(recordedTraining(options, {})))
  const paths = modulesOf(graph)
  return (op) => {
    const number = graph.opNumber.get(op)
    return number === undefined ? undefined : paths[number]
  }
}
