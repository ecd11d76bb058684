import { describe, expect, test } from 'vitest'
import { buildGraph } from '../../src/graph/index.js'
import { opOrder, replay } from '../../src/schedule/index.js'
import { predictPlacement } from '../../src/simulate/index.js'
import { oneHost } from '../helpers/clusters.js'
import { graphOf, ms, op, problemOf } from '../helpers/graphs.js'

const graph = buildGraph(
  graphOf([op('a', 1, 2000), op('b', 2, 10, { unmodelled: 'unknown' }), op('c', 3, 30)], 'a>b', 'b>c'),
)
const problem = problemOf(graph, oneHost(2), [2500, 2009])
const schedule = replay(problem, Int32Array.of(0, 1, 1), opOrder(Int32Array.of(0, 1, 2)))

describe('predictPlacement', () => {
  const { prediction, criticalPath } = predictPlacement(problem, schedule, {
    lowerBoundTicks: ms(6),
    withSchedule: true,
  })

  test('counts seconds along the critical path', () => {
    expect(prediction.stepSeconds).toBe(0.008)
    expect(prediction.lowerBoundSeconds).toBe(0.006)
    expect(prediction.breakdown).toEqual({ compute: 0.006, exposedCommunication: 0.002, other: 0 })
    expect(prediction.computeSeconds).toEqual([0.001, 0.005])
    expect(criticalPath.map(({ isTransfer }) => isTransfer)).toEqual([false, true, false, false])
  })

  test('a prediction over the limit is an answer', () => {
    expect(prediction.peakBytes).toEqual([2000, 2010])
    expect(prediction.fits).toBe(false)
    const roomy = problemOf(graph, oneHost(2), [2000, 2010])
    expect(predictPlacement(roomy, schedule, { lowerBoundTicks: 0 }).prediction.fits).toBe(true)
  })

  test('lists ops by name and transfers by tensor, only when asked', () => {
    expect(prediction.schedule).toEqual({
      ops: [
        ['a', 0, 0, 0.001],
        ['b', 1, 0.003, 0.005],
        ['c', 1, 0.005, 0.008],
      ],
      transfers: [['a.out', 0, 1, 0.001, 0.003]],
    })
    expect(predictPlacement(problem, schedule, { lowerBoundTicks: 0 }).prediction).not.toHaveProperty('schedule')
  })

  test('a bound above the step is cut to it: the schedule is the better proof', () => {
    expect(predictPlacement(problem, schedule, { lowerBoundTicks: ms(9) }).prediction.lowerBoundSeconds).toBe(0.008)
  })

  test('what is not modelled is told as a share', () => {
    expect(prediction.unmodelledFlopsFraction).toBeCloseTo(10 / 2040, 12)
  })
})

test('a step of no time is all zeros', () => {
  const nothing = problemOf(graphOf([op('a', 0, 5, { parameterBytes: 3 })]), oneHost(1))
  const { prediction } = predictPlacement(nothing, replay(nothing, new Int32Array(1), opOrder(Int32Array.of(0))), {
    lowerBoundTicks: 0,
  })
  expect(prediction).toMatchObject({
    stepSeconds: 0,
    peakBytes: [0],
    fits: true,
    breakdown: { compute: 0, exposedCommunication: 0, other: 0 },
  })
})
