import { didYouMean, Problems } from '../errors/index.js'
import type { OpGraph } from '../graph/index.js'
import type { Cluster } from '../hardware/index.js'
import { type CostSource, opSeconds } from './opSeconds.js'

/** Seconds of every op on every device kind of a cluster. */
export interface CostTable {
  /** Device kinds present, in order of their first device. */
  readonly kinds: readonly string[]
  /** Index into `kinds` of each device. */
  readonly kindOf: Int32Array
  /** seconds[kind][op]; NaN where the op cannot run. */
  readonly seconds: readonly Float64Array[]
  /** Ops by where their time came from, on the first kind that can run them. */
  readonly sources: Readonly<Record<CostSource, number>>
  /** Assumptions a reader must know of. */
  readonly assumed: readonly string[]
}

/**
 * Costs the graph for the cluster. Throws E209 for ops that nothing can cost and E303 for ops whose `deviceKinds` the cluster lacks,
 * all of them at once.
 */
export function costTable(graph: OpGraph, cluster: Cluster): CostTable {
  const kinds = [...new Set(cluster.devices.map((device) => device.kind))]
  const sheets = kinds.map((kind) => cluster.devices.find((device) => device.kind === kind)!.sheet)
  const seconds = kinds.map(() => new Float64Array(graph.ops.length))
  const sources: Record<CostSource, number> = { profile: 0, model: 0, 'launch-only': 0, none: 0 }
  const substitutions = new Map<string, number>()
  const problems = new Problems()

  graph.ops.forEach((op, i) => {
    let first: CostSource = 'none'
    kinds.forEach((kind, k) => {
      const cost = opSeconds(op, kind, sheets[k])
      seconds[k][i] = cost.seconds
      if (first === 'none') first = cost.source
      if (cost.substitutedDtype) {
        const key = `${kind} has no ${op.dtype} peak: ${cost.substitutedDtype} used`
        substitutions.set(key, (substitutions.get(key) ?? 0) + 1)
      }
    })
    sources[first]++
    if (first === 'none') reportUncostable(op, kinds, problems)
  })
  problems.throwIfAny()

  const assumed = [...substitutions].sort().map(([what, count]) => `${what} for ${count} ops`)
  if (sources['launch-only'])
    assumed.push(`${sources['launch-only']} ops state neither seconds nor FLOPs nor bytes: one kernel launch each`)
  const number = new Map(kinds.map((kind, k) => [kind, k]))
  return {
    kinds,
    kindOf: Int32Array.from(cluster.devices, (device) => number.get(device.kind)!),
    seconds,
    sources,
    assumed,
  }
}

function reportUncostable(op: OpGraph['ops'][number], kinds: readonly string[], problems: Problems): void {
  const where = `op ${op.name}`
  if (op.deviceKinds && !op.deviceKinds.some((kind) => kinds.includes(kind))) {
    problems.add('E303', `${op.name} may run only on ${op.deviceKinds.join(', ')}`, {
      where,
      found: `the cluster has ${kinds.join(', ')}`,
      fix: op.deviceKinds.map((kind) => didYouMean(kind, kinds)).find(Boolean) ?? 'add such a device to the cluster',
    })
    return
  }
  const profiled = typeof op.seconds === 'object' ? Object.keys(op.seconds) : []
  problems.add('E209', `no time is known for ${op.name} on ${kinds.join(', ')}`, {
    where,
    found: profiled.length ? `measured on ${profiled.join(', ')}` : 'no seconds',
    fix: 'give seconds for this device kind, or flops and bytesAccessed and a device kind with a data sheet',
  })
}
