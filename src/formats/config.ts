import { didYouMean, Problems } from '../errors/index.js'
import { type ConfigDocument, configSchema, type PlanEntry } from './configSchema.js'
import { refuseNewerVersion } from './json.js'
import { parseInto } from './schemaProblems.js'
import { refuseUnknownKeys } from './unknownKeys.js'

/** A parsed stowage.config. Throws E105 with every key that is not known and every value that is wrong. */
export function readConfig(value: unknown, where: string): ConfigDocument {
  refuseNewerVersion(value, where)
  const problems = new Problems()
  refuseUnknownKeys(configSchema, value, where, problems)
  problems.throwIfAny()
  const config = parseInto(configSchema, value, where, problems)
  problems.throwIfAny()
  checkPlans(config!, where, problems)
  checkBudgets(config!, where, problems)
  problems.throwIfAny()
  return config!
}

const ofRuns = ['pin', 'stack'] as const
const ofGraphs = [
  'placer',
  'effort',
  'memoryLimit',
  'reserve',
  'bind',
  'profile',
  'formatIn',
  'mode',
  'optimizer',
  'recompute',
] as const
const ofPlanFiles = ['training', ...ofRuns, ...ofGraphs] as const

function checkPlans({ plans }: ConfigDocument, where: string, problems: Problems): void {
  const seen = { name: new Map<string, number>(), out: new Map<string, number>() }
  plans.forEach((entry, i) => {
    const at = `${where}#/plans/${i}`
    for (const key of ['name', 'out'] as const) {
      const earlier = entry[key] === undefined ? undefined : seen[key].get(entry[key])
      if (earlier !== undefined)
        problems.add('E202', `two plans have the ${key} ${entry[key]}`, {
          where: `${at}/${key}`,
          expected: `another than that of plan ${earlier}`,
        })
      else if (entry[key] !== undefined) seen[key].set(entry[key], i)
    }
    if (entry.model === undefined && entry.plan === undefined)
      problems.add('E105', `${entry.name} has no model`, { where: at, expected: 'model, or plan: a committed plan' })
    for (const [keys, why] of misplaced(entry))
      for (const key of keys)
        if (entry[key] !== undefined) problems.add('E105', `${key} ${why}`, { where: `${at}/${key}` })
    if (entry.training && entry.cluster === undefined)
      problems.add('E105', `${entry.name} has no cluster`, { where: at, expected: 'cluster, such as "h100x8"' })
  })
}

function misplaced(entry: PlanEntry): (readonly [keys: readonly (keyof PlanEntry)[], why: string])[] {
  if (entry.plan !== undefined) return [[ofPlanFiles, 'stands in the plan file already']]
  if (entry.training) return [[ofGraphs, 'is for operator graphs; this plan is a training run, since it has training']]
  return [[ofRuns, 'is for training runs; add training: { globalBatch, microbatch }']]
}

/** A budget that holds nothing must not look like one that holds. */
function checkBudgets({ plans, budgets = {} }: ConfigDocument, where: string, problems: Problems): void {
  const names = plans.map(({ name }) => name)
  for (const [plan, named] of Object.entries(budgets)) {
    const at = `${where}#/budgets/${plan}`
    if (plan !== '*' && !names.includes(plan))
      problems.add('E203', `there are budgets for ${plan}, but no plan of that name`, {
        where: at,
        expected: `* or ${names.join(', ')}`,
        fix: didYouMean(plan, names) || undefined,
      })
    for (const [name, budget] of Object.entries(named)) {
      if (budget === undefined || budget === 'off') continue
      const { message: _, ...limits } = budget[1] as Readonly<Record<string, unknown>>
      const hasLimit = Object.values(limits).some(
        (limit) => (limit !== undefined && Object.keys(Object(limit)).length > 0) || typeof limit === 'number',
      )
      if (!hasLimit)
        problems.add('E105', `the budget ${name} has no limit`, {
          where: `${at}/${name}/1`,
          expected: 'such as { "max": ... } or { "maxIncrease": { "percent": 3 } }',
        })
    }
  }
}
