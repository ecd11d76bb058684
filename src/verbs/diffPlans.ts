import { Problems } from '../errors/index.js'
import type { Cluster } from '../hardware/index.js'
import { incomparable, type Obstacle, type PlanDiff, planDiff } from '../plan/diff/index.js'
import { clusterHash, type Plan, type RunPlan } from '../plan/index.js'
import { memoryLimits } from './memoryLimits.js'

/** A plan as it was found. */
export interface DiffedPlan {
  readonly plan: Plan | RunPlan
  /** Its file, for messages. */
  readonly where: string
  /** The cluster that it names, if it is at hand: what its devices may hold. */
  readonly cluster?: Cluster
}

export interface DiffRequest {
  readonly base: DiffedPlan
  readonly head: DiffedPlan
  /** The module that an op lies in, where its name does not tell. */
  readonly moduleOf?: (op: string) => string | undefined
}

/** The answer of `stowage diff BASE HEAD`. */
export interface DiffDocument extends PlanDiff {
  readonly kind: 'stowage.diff'
  readonly schemaVersion: '1.0'
}

/** Decisions and predictions of two plans side by side. Throws E402, with every reason, for plans whose figures do not mean the same. */
export function diffPlans({ base, head, moduleOf }: DiffRequest): DiffDocument {
  const problems = new Problems()
  const where = `${base.where}, ${head.where}`
  for (const obstacle of incomparable(base.plan, head.plan)) problems.add('E402', ...refusal(obstacle, where))
  problems.throwIfAny()
  const context = { moduleOf, baseLimits: limitsOf(base), headLimits: limitsOf(head) }
  return { kind: 'stowage.diff', schemaVersion: '1.0', ...planDiff(base.plan, head.plan, context) }
}

/** Figures of two versions, or on two sets of cost data, differ even where the plans are the same. */
const messages: Readonly<Record<Obstacle['what'], string>> = {
  kind: 'the plans are of different kinds: they decide different things',
  tool: 'the plans were predicted by different versions of the tool',
  'cost data': 'the plans were predicted with different cost data',
}

const again =
  'predict both alike: stowage simulate PLAN --model MODEL -o prediction.json says what this version makes of either; stowage plan -o writes a plan anew; stowage gate --base git:REF plans both sides by itself'
const fixes = { kind: 'compare plans that the same --strategy made', tool: again, 'cost data': again } as const

function refusal({ what, base, head }: Obstacle, where: string): [message: string, detail: object] {
  return [messages[what], { where, expected: `${base} (base)`, found: `${head} (head)`, fix: fixes[what] }]
}

/** Bytes that each device may hold; unknown without the very cluster that the plan was made for. */
function limitsOf({ plan, cluster }: DiffedPlan): ArrayLike<number> | undefined {
  const { inputs } = plan.provenance
  if (!cluster || clusterHash(cluster) !== inputs.cluster.sha256) return undefined
  const { memoryLimitBytes, reserveBytes } = inputs.options as { memoryLimitBytes?: number; reserveBytes?: number }
  return memoryLimits(cluster, { memoryLimitBytes, reserveBytes: reserveBytes ?? 0 })
}
