import { existsSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { fail } from '../errors/index.js'
import type { RunPlan } from '../plan/index.js'
import { shippedModel } from './models.js'
import { isClusterName } from './openCluster.js'

/** The run that a plan was made of, with the files it names found beside the plan, in the working directory, or among those that come with the program. */
export function plannedRun(plan: RunPlan, planPath: string, model?: string): Readonly<Record<string, unknown>> {
  const { run } = plan.provenance.inputs.options as { run?: Readonly<Record<string, unknown>> }
  const where = `${planPath}#/provenance/inputs/options/run`
  if (typeof run !== 'object')
    fail('E105', 'the plan does not say of which run it is', { where, expected: 'a stowage.run' })
  const isFile = (name: unknown): name is string => typeof name === 'string'
  const beside = (name: string) => [join(dirname(planPath), name), name].find((path) => existsSync(path))
  const found = (name: string, shipped: (name: string) => string | undefined, what: string) =>
    beside(name) ??
    shipped(name) ??
    fail('E101', `the plan's ${what} ${name} is not here`, {
      where: `${where}/${what}`,
      fix: `put ${name} beside the plan`,
    })
  const asShipped = (name: string) => shippedModel(name.replace(/\.json$/, ''))?.path
  const asPreset = (name: string) => (isClusterName(name) ? name : undefined)
  return {
    ...run,
    ...(isFile(run.model) && { model: model ?? found(run.model, asShipped, 'model') }),
    ...(isFile(run.cluster) && { cluster: found(run.cluster, asPreset, 'cluster') }),
  }
}
