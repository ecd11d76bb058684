import * as fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { UserError } from '../../src/errors/index.js'
import { readPlan } from '../../src/formats/plan.js'
import { canonicalJson } from '../../src/plan/index.js'
import { checkSchedule } from '../helpers/checkSchedule.js'
import { type Instance, instances } from '../helpers/instances.js'
import { planOf, simulationOf } from '../helpers/verbs.js'

async function planned({ graph, cluster, limits }: Instance) {
  try {
    return (await planOf(graph, cluster, 'auto', limits[0])).plan
  } catch (error) {
    if (!(error instanceof UserError) || error.exitCode !== 3) throw error
    return undefined
  }
}

/** Entries in another order. */
function shuffled<T>(list: readonly T[], seed: number): T[] {
  return list
    .map((each, k) => ({ each, key: ((k + 1) * 7919 * (seed + 1)) % 10_007 }))
    .sort((a, b) => a.key - b.key)
    .map(({ each }) => each)
}

describe('a plan', () => {
  test('comes back from JSON as it was, and its simulation predicts the same to the bit', async () => {
    let plans = 0
    await fc.assert(
      fc.asyncProperty(instances({ min: 1, max: 14 }, 1), async (instance) => {
        const plan = await planned(instance)
        if (!plan) return
        plans++
        const text = canonicalJson(plan)
        const read = readPlan(JSON.parse(text), 'plan.json')
        expect(canonicalJson(read)).toBe(text)
        const { graph, cluster, limits } = instance
        const { prediction } = simulationOf(graph, cluster, { plan: read }, limits[0])
        // What a search proved is not believed of a file, nor searched anew: a simulation states the bound of arithmetic.
        const { lowerBoundSeconds, ...rest } = prediction
        const { lowerBoundSeconds: proved, ...restOfPlan } = read.prediction!
        expect(rest).toEqual(restOfPlan)
        expect(lowerBoundSeconds).toBeLessThanOrEqual(proved!)
        expect(prediction.fits).toBe(true)
      }),
      { numRuns: 30 },
    )
    expect(plans).toBeGreaterThan(6)
  })

  test('is the same bytes in whatever order ops, outputs and edges stand', async () => {
    await fc.assert(
      fc.asyncProperty(instances({ min: 2, max: 14 }, 1), fc.nat(100), async (instance, seed) => {
        const plan = await planned(instance)
        const ops = shuffled(instance.graph.ops, seed).map((op) => ({
          ...op,
          outputs: shuffled(op.outputs ?? [], seed),
        }))
        const graph = { ...instance.graph, ops, edges: shuffled(instance.graph.edges, seed) }
        const turned = await planned({ ...instance, graph })
        expect(turned && canonicalJson(turned)).toBe(plan && canonicalJson(plan))
      }),
      { numRuns: 30 },
    )
  })

  test('without its order is completed to a sound schedule', async () => {
    await fc.assert(
      fc.asyncProperty(instances({ min: 1, max: 14 }, 1), async (instance) => {
        const plan = await planned(instance)
        if (!plan) return
        const { graph, cluster } = instance
        const { prediction } = simulationOf(graph, cluster, { map: plan.decisions.placement! })
        expect(checkSchedule({ graph, cluster, placement: plan.decisions.placement!, prediction })).toEqual([])
      }),
      { numRuns: 30 },
    )
  })
})
