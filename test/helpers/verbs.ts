import type { GraphDescription } from '../../src/graph/index.js'
import type { Cluster } from '../../src/hardware/index.js'
import type { Plan } from '../../src/plan/index.js'
import { type PlacementAnswer, planOperators } from '../../src/verbs/planOperators.js'
import { type SimulationAnswer, simulateOperators } from '../../src/verbs/simulateOperators.js'
import { loaded } from './graphs.js'

type Placer = Parameters<typeof planOperators>[0]['placer']

/** `stowage plan` without files. */
export function planOf(
  graph: GraphDescription,
  cluster: Cluster,
  placer: Placer = 'auto',
  memoryLimitBytes?: number,
): Promise<PlacementAnswer> {
  return planOperators({
    model: loaded(graph),
    cluster,
    clusterName: cluster.name,
    placer,
    lpSolver: 'auto',
    effort: 0.002,
    memoryLimitBytes,
    reserveBytes: 0,
    withSchedule: true,
    bind: new Map(),
  })
}

/** `stowage simulate` without files. */
export function simulationOf(
  graph: GraphDescription,
  cluster: Cluster,
  placement: { readonly plan: Plan } | { readonly map: Readonly<Record<string, number>> },
  memoryLimitBytes?: number,
): SimulationAnswer {
  const where = 'plan.json'
  return simulateOperators({
    model: loaded(graph),
    cluster,
    placement:
      'plan' in placement ? { plan: placement.plan, where } : { map: new Map(Object.entries(placement.map)), where },
    memoryLimitBytes,
    reserveBytes: 0,
    withSchedule: true,
  })
}
