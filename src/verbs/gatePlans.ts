import { exitCodes, type Problem, UserError } from '../errors/index.js'
import { type Budgets, budgetsOf, type GateReport, gateReport, type PredictedPlan, type Side } from '../gate/index.js'
import type { Plan, RunPlan } from '../plan/index.js'
import { type ConfiguredPlan, configuredPlanner } from './configuredPlan.js'
import { toolVersion } from './toolVersion.js'

/** A plan of a config; its inputs are opened when its turn comes, since that may fail. */
export interface NamedPlan {
  readonly name: string
  open(): Promise<ConfiguredPlan>
}

export interface GateRequest {
  readonly plans: readonly NamedPlan[]
  readonly budgets: Readonly<Record<string, Budgets>>
  readonly base?: GateBase
  readonly notes: readonly string[]
  /** The plans will be written. */
  readonly isWritten: boolean
}

/** The same plans as an earlier commit has them, or one plan as it was written. */
export type GateBase = NonNullable<GateReport['base']> &
  ({ readonly plans: readonly NamedPlan[] } | { readonly of: string; readonly written: Plan | RunPlan })

export interface GateAnswer {
  readonly report: GateReport
  /** The plans as they are now, by name, for those that were found. */
  readonly planned: ReadonlyMap<string, Plan | RunPlan>
}

/** `stowage gate`: every plan on head and base, predicted by the same program with the same cost data, held to its budgets. */
export async function gatePlans({ plans, budgets, base, notes, isWritten }: GateRequest): Promise<GateAnswer> {
  const planOf = configuredPlanner(isWritten || (base !== undefined && 'written' in base))
  const side = async ({ open }: NamedPlan): Promise<Tried> => {
    try {
      return await planOf(await open())
    } catch (error) {
      if (!(error instanceof UserError) || error.exitCode === exitCodes.bug) throw error
      return { problems: error.problems, isInfeasible: error.exitCode === exitCodes.infeasible, code: error.exitCode }
    }
  }
  const inBase = new Map(base && 'plans' in base ? base.plans.map((each) => [each.name, each]) : [])
  const sides = []
  const wrong: Problem[] = []
  for (const plan of plans) {
    const { name } = plan
    const head = await side(plan)
    if ('code' in head && head.code === exitCodes.input)
      wrong.push(...head.problems.map((each) => ({ ...each, where: `plan ${name}: ${each.where ?? ''}` })))
    const older = inBase.get(name)
    const earlier = older ? ofBase(await side(older)) : base && writtenBase(base, name, head)
    sides.push({
      name,
      budgets: budgetsOf(name, budgets),
      head,
      base: earlier,
      isRepredicted: base !== undefined && 'plans' in base,
    })
  }
  const [first, ...rest] = wrong
  if (first) throw new UserError([first, ...rest])
  const names = new Set(plans.map(({ name }) => name))
  const report = gateReport({
    tool: `stowage ${toolVersion}`,
    plans: sides,
    ...(base && { base: { name: base.name, ...(base.commit && { commit: base.commit }) } }),
    removed: [...inBase.keys()].filter((name) => !names.has(name)),
    notes,
  })
  const planned = sides.flatMap(({ name, head }) => ('plan' in head ? [[name, head.plan] as const] : []))
  return { report, planned: new Map(planned) }
}

type Tried = PredictedPlan | (Exclude<Side, PredictedPlan> & { readonly code: number })

function ofBase(side: Tried): Side {
  if ('plan' in side) return side
  return { ...side, problems: side.problems.map((each) => ({ ...each, message: `in the base, ${each.message}` })) }
}

/** A written plan tells no limits: they are the head's where cluster and limits are. */
function writtenBase(base: GateBase, name: string, head: Tried): Side | undefined {
  if (!('written' in base) || base.of !== name) return undefined
  const plan = base.written
  if ('memoryLimitBytes' in plan.prediction) {
    const { memoryLimitBytes, peakBytes } = plan.prediction
    return { plan, limitBytes: peakBytes.map(() => memoryLimitBytes) }
  }
  const limits = ({ inputs: { cluster, options } }: Plan['provenance']) =>
    [cluster.sha256, options.memoryLimitBytes, options.reserveBytes].join()
  const isSame = 'plan' in head && limits(head.plan.provenance) === limits(plan.provenance)
  return { plan, limitBytes: isSame ? head.limitBytes : [] }
}
