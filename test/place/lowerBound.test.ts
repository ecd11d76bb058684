import * as fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { certify, planPlacement } from '../../src/place/index.js'
import { clusterOf, oneHost } from '../helpers/clusters.js'
import { graphOf, ms, op, problemOf } from '../helpers/graphs.js'
import { instances } from '../helpers/instances.js'
import { leastMakespan } from '../helpers/optimum.js'

describe('closed forms', () => {
  test('a chain takes its length', () => {
    expect(certify(problemOf(graphOf([op('a', 1), op('b', 2), op('c', 3)], 'a-b', 'b-c'), oneHost(4))).ticks).toBe(
      ms(6),
    )
  })

  test('independent ops take their share', () => {
    const ops = Array.from({ length: 8 }, (_, k) => op(`o${k}`, 2))
    expect(certify(problemOf(graphOf(ops), oneHost(4))).ticks).toBe(ms(4))
  })

  test('a group takes its sum', () => {
    const ops = Array.from({ length: 3 }, (_, k) => op(`o${k}`, 2, 0, { colocationGroup: 'g' }))
    expect(certify(problemOf(graphOf(ops), oneHost(4))).ticks).toBe(ms(6))
  })

  test('each op counts at its fastest, where its group may run', () => {
    const graph = graphOf([
      op('a', 9, 0, { seconds: { fast: 1e-3, slow: 5e-3 }, colocationGroup: 'g' }),
      op('b', 9, 0, { seconds: { slow: 2e-3 }, colocationGroup: 'g' }),
    ])
    expect(certify(problemOf(graph, clusterOf([{ kinds: ['fast', 'slow'] }]))).ticks).toBe(ms(7))
  })

  test('ops of no time take none', () => {
    expect(certify(problemOf(graphOf([op('a', 0), op('b', 0)]), oneHost(2))).ticks).toBe(0)
  })
})

test('is never above what trying every map and order finds, nor is any plan below it', async () => {
  await fc.assert(
    fc.asyncProperty(instances({ min: 1, max: 5 }), async ({ graph, cluster }) => {
      fc.pre(cluster.devices.length <= 3)
      const problem = problemOf(graph, cluster)
      const { ticks } = certify(problem)
      expect(ticks).toBeLessThanOrEqual(leastMakespan(problem))
      const { placement, bound } = await planPlacement(problem, { placer: 'auto', lpSolver: 'auto', effort: 0 })
      expect(bound.ticks).toBeLessThanOrEqual(placement.schedule.makespan)
    }),
    { numRuns: 60 },
  )
})
