import * as fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { UserError } from '../../src/errors/index.js'
import { buildGraph } from '../../src/graph/index.js'
import { type PlacerName, placers, planPlacement } from '../../src/place/index.js'
import { placementDecisions } from '../../src/plan/index.js'
import { replay, verifyOrder } from '../../src/schedule/index.js'
import { predictPlacement } from '../../src/simulate/index.js'
import { checkSchedule } from '../helpers/checkSchedule.js'
import { problemOf } from '../helpers/graphs.js'
import { type Instance, instances } from '../helpers/instances.js'

const names = [...(Object.keys(placers) as PlacerName[]), 'auto'] as const

/** Either a plan that passes the independent checker, or an error of the rooms 2 and 3 that tells why there is none. */
async function placed({ graph, cluster, limits }: Instance, placer: PlacerName | 'auto') {
  try {
    const problem = problemOf(buildGraph(graph), cluster, limits)
    return { problem, found: await planPlacement(problem, { placer, lpSolver: 'auto', effort: 0.002 }) }
  } catch (error) {
    if (!(error instanceof UserError) || !/^E30[123]$/.test(error.code)) throw error
    return undefined
  }
}

describe.each(names)('%s', (placer) => {
  test('gives a sound schedule within the limits, or an honest miss; its order replays to the bit', async () => {
    // The portfolio runs all the others, improves the best of them, and searches long where memory is too tight for all.
    const [runs, max, tightest] = placer === 'auto' ? [40, 30, 1] : [80, 40, 0.05]
    let plans = 0
    await fc.assert(
      fc.asyncProperty(instances({ min: 1, max }, tightest), async (instance) => {
        const answer = await placed(instance, placer)
        if (!answer) return
        plans++
        const { problem, found } = answer
        const { placement, bound } = found
        const { prediction } = predictPlacement(problem, placement.schedule, {
          lowerBoundTicks: bound.ticks,
          withSchedule: true,
        })
        const { placement: map } = placementDecisions(problem.graph, placement.deviceOf, placement.order)
        expect(checkSchedule({ ...instance, placement: map!, prediction })).toEqual([])
        verifyOrder(problem, placement.deviceOf, placement.order)
        expect(replay(problem, placement.deviceOf, placement.order)).toEqual(placement.schedule)
        expect([...placement.peakBytes]).toEqual(prediction.peakBytes)
        const { breakdown } = prediction
        expect(Math.abs(breakdown.other)).toBe(0)
        expect(bound.ticks).toBeLessThanOrEqual(placement.schedule.makespan)
      }),
      { numRuns: runs },
    )
    expect(plans).toBeGreaterThan(runs / 5)
  })
})
