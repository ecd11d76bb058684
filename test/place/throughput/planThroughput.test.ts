import * as fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { UserError } from '../../../src/errors/index.js'
import { planThroughput, type ThroughputPlan } from '../../../src/place/index.js'
import type { SchedulingProblem } from '../../../src/schedule/index.js'
import { clusterOf, oneHost } from '../../helpers/clusters.js'
import { graphOf, op, problemOf } from '../../helpers/graphs.js'
import { isContiguous, leastLoad, loadOf } from './bruteForce.js'
import { throughputInstances } from './instances.js'

function attempt(problem: SchedulingProblem, contiguous: boolean): ThroughputPlan | undefined {
  try {
    return planThroughput(problem, { isContiguous: contiguous, countsOutputs: false, effort: 0.02 })
  } catch (error) {
    if (error instanceof UserError && /^E30[123]$/.test(error.code)) return undefined
    throw error
  }
}

function checkAgainstBruteForce(problem: SchedulingProblem, contiguous: boolean): void {
  const least = leastLoad(problem, contiguous)
  const found = attempt(problem, contiguous)
  if (!found) {
    expect(least).toBe(Number.POSITIVE_INFINITY)
    return
  }
  const largest = Math.max(...found.loadTicks)
  expect(largest).toBeCloseTo(loadOf(problem, pooled(problem, found.deviceOf)), 0)
  expect(found.bound.ticks).toBeLessThanOrEqual(least * (1 + 1e-12))
  expect(largest).toBeCloseTo(least, 0)
  if (contiguous) expect(isContiguous(problem, found.deviceOf)).toBe(true)
  problem.graph.groupOf.forEach((group, i) => {
    if (group >= 0) expect(found.deviceOf[i]).toBe(found.deviceOf[problem.graph.groupOf.indexOf(group)])
  })
}

/** All CPUs as the first one: the oracle adds up the pool's ops wherever they are. */
function pooled({ cluster }: SchedulingProblem, deviceOf: Int32Array): Int32Array {
  const first = cluster.devices.findIndex(({ kind }) => kind === 'cpu')
  return deviceOf.map((d) => (cluster.devices[d].kind === 'cpu' ? first : d))
}

describe('against brute force on random graphs', () => {
  test('contiguous: the optimum, and a legal plan', () => {
    fc.assert(
      fc.property(throughputInstances(7), ({ graph, cluster, limits }) =>
        checkAgainstBruteForce(problemOf(graph, cluster, limits), true),
      ),
      { numRuns: 250 },
    )
  })

  test('not contiguous: the optimum', () => {
    fc.assert(
      fc.property(throughputInstances(7), ({ graph, cluster, limits }) =>
        checkAgainstBruteForce(problemOf(graph, cluster, limits), false),
      ),
      { numRuns: 150 },
    )
  })
})

const plan = (problem: SchedulingProblem, contiguous = true, countsOutputs = false) =>
  planThroughput(problem, { isContiguous: contiguous, countsOutputs, effort: 1 })

describe('the load of a device', () => {
  const chain = graphOf([op('a', 4, 1000), op('b', 4, 1000), op('c', 4)], 'a>b', 'b>c')

  test('holds each tensor that it sends or receives once, on both sides', () => {
    const { loadTicks, deviceOf } = plan(problemOf(chain, oneHost(2)))
    expect(new Set(deviceOf).size).toBe(2)
    expect([...loadTicks].sort((a, b) => a - b)).toEqual([5e9, 9e9])
  })

  test('a tensor with two readers on one device is received once', () => {
    const fan = graphOf([op('a', 9, 3000), op('b', 4), op('c', 5)], 'a>b', 'a>c')
    const { loadTicks } = plan(problemOf(fan, oneHost(2)))
    expect([...loadTicks]).toEqual([12e9, 12e9])
  })

  test('CPUs pay no transfers and share their work', () => {
    const graph = graphOf(
      [op('a', 4, 1000), op('b', 4, 1000, { deviceKinds: ['cpu'] }), op('c', 4, 0, { deviceKinds: ['cpu'] })],
      'a>b',
      'b>c',
    )
    const { loadTicks } = plan(problemOf(graph, clusterOf([{ kinds: ['generic', 'cpu', 'cpu'] }])))
    expect([...loadTicks]).toEqual([5e9, 4e9, 4e9])
  })
})

test('contiguous plans may cost more, and the text says which kind it is', () => {
  // a and c want to be together: between them stands b, alone too long for one device with either.
  const graph = graphOf([op('a', 3, 1), op('b', 6, 1), op('c', 3)], 'a>b', 'b>c')
  const problem = problemOf(graph, oneHost(2))
  expect(Math.max(...plan(problem).loadTicks)).toBeGreaterThan(9e9)
  expect(Math.max(...plan(problem, false).loadTicks)).toBeLessThan(6.01e9)
})

describe('what cannot be placed', () => {
  const graph = graphOf([op('a', 1, 0, { parameterBytes: 60 }), op('b', 1, 50, { parameterBytes: 60 })], 'a-b')

  test('E301 by the sum, E302 by one block; outputs count where they are not in the sizes', () => {
    expect(() => plan(problemOf(graph, oneHost(2), [60, 59]))).toThrow(/needs 120 B in all/)
    expect(() => plan(problemOf(graph, oneHost(3), [59, 59, 59]))).toThrow(/alone needs 60 B/)
    expect(plan(problemOf(graph, oneHost(2), [60, 60])).bytes).toEqual(Float64Array.of(60, 60))
    expect(() => plan(problemOf(graph, oneHost(3), [60, 60, 60]), true, true)).toThrow(/alone needs 110 B/)
  })

  test('no contiguous plan, proved by all ideals, points to the other kind', () => {
    const shares = [30, 60, 30, 60]
    const chain = graphOf(
      shares.map((parameterBytes, i) => op(`n${i}`, 1, 0, { parameterBytes })),
      'n0-n1',
      'n1-n2',
      'n2-n3',
    )
    const problem = problemOf(chain, oneHost(2), [100, 100])
    expect(() => plan(problem, true)).not.toThrow()
    const tight = problemOf(
      graphOf(
        [50, 40, 50, 40].map((b, i) => op(`n${i}`, 1, 0, { parameterBytes: b })),
        'n0-n1',
        'n1-n2',
        'n2-n3',
      ),
      oneHost(2),
      [100, 80],
    )
    expect(() => plan(tight, true)).toThrow(/no contiguous plan/)
    expect(plan(tight, false).bytes).toEqual(Float64Array.of(100, 80))
  })
})
