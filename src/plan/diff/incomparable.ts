import type { ComparedPlan } from './types.js'

/** Why two plans cannot be compared. */
export interface Obstacle {
  readonly what: 'kind' | 'tool' | 'cost data'
  readonly base: string
  readonly head: string
}

/**
 * Plans of other kinds decide other things; figures of another tool version or other cost data differ for reasons that are neither's decisions. Empty
 * when nothing stands in the way; of plans of other kinds, nothing else is asked.
 */
export function incomparable(base: ComparedPlan, head: ComparedPlan): Obstacle[] {
  const [old, now] = [base, head].map((plan) => ({
    kind: kindOf(plan),
    tool: plan.provenance.tool,
    'cost data': identity(plan.provenance.inputs.calibration),
  }))
  const differs = {
    kind: old.kind !== now.kind,
    tool: old.tool !== now.tool,
    'cost data': base.provenance.inputs.calibration.sha256 !== head.provenance.inputs.calibration.sha256,
  }
  const asked = differs.kind ? (['kind'] as const) : (['tool', 'cost data'] as const)
  return asked.flatMap((what) => (differs[what] ? [{ what, base: old[what], head: now[what] }] : []))
}

/** By what was decided, since plans for other objectives of the same graph compare well. */
function kindOf({ decisions, provenance }: ComparedPlan): string {
  const has = (part: string) => Object.hasOwn(decisions, part)
  if (has('mesh')) return 'parallel'
  if (has('placement')) return 'placement'
  if (has('experts')) return 'experts'
  if (has('fsdp')) return 'fsdp'
  return has('stages') ? 'placement' : String(provenance.inputs.options.strategy ?? 'unknown')
}

function identity({ name, sha256 }: { readonly name: string; readonly sha256: string }): string {
  return `${name} (sha256 ${sha256.slice(0, 12)})`
}
