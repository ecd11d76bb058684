import * as fc from 'fast-check'
import { expect, test, vi } from 'vitest'
import { listSchedule } from '../../src/place/listSchedule.js'
import { Scheduler, type SchedulingProblem, upwardRanks } from '../../src/schedule/index.js'
import { allTransfers, clusterOf } from '../helpers/clusters.js'
import { graphOf, op, problemOf } from '../helpers/graphs.js'
import { instances } from '../helpers/instances.js'
import { pairwiseSchedule } from './pairwiseSchedule.js'

function expectSamePlan(problem: SchedulingProblem): void {
  const rank = upwardRanks(problem, 1)
  const expected = pairwiseSchedule(problem, rank)
  const attempt = listSchedule(problem, { placer: 'etf', rank })
  if ('miss' in attempt) expect(attempt.miss.placedOps).toBe(expected.length)
  else {
    const { order, deviceOf } = attempt.placement
    expect([...order.item].map((each) => [each, deviceOf[each]])).toEqual(expected)
  }
}

/** Many readers of one or two tensors, some with another input besides, on alike and unlike devices. */
const broadcasts = fc
  .record({
    readers: fc.array(fc.record({ ms: fc.integer({ min: 0, max: 9 }), hub: fc.boolean(), other: fc.nat(40) }), {
      minLength: 20,
      maxLength: 60,
    }),
    bytes: fc.constantFrom(10, 3000, 90_000),
    grouped: fc.constantFrom(0, 3),
  })
  .map(({ readers, bytes, grouped }) => {
    const ops = readers.map(({ ms }, k) =>
      op(
        `r${k}`,
        ms,
        100 * k,
        grouped && k % grouped === 0 ? { colocationGroup: `g${k % 4}`, parameterBytes: 500 } : {},
      ),
    )
    const arrows = readers.flatMap(({ hub, other }, k) => [
      `${hub ? 'hub' : 'second'}>r${k}`,
      ...(other < k ? [`r${other}>r${k}`] : []),
    ])
    return graphOf([op('hub', 1, bytes), op('second', 2, bytes), ...ops], ...arrows)
  })
const hosts = fc
  .tuple(fc.constantFrom(1, 2, 3), fc.constantFrom(['x'], ['x', 'x', 'x'], ['x', 'y', 'x']), fc.boolean())
  .map(([count, kinds, isAlike]) =>
    Array.from({ length: count }, (_, h) => ({
      kinds: isAlike ? kinds : kinds.slice(h % 2),
      link: { bytesPerSecond: isAlike ? 1e6 : 1e6 * (h + 1), latencySeconds: 1e-4 },
    })).filter(({ kinds: each }) => each.length > 0),
  )
const settings = fc.tuple(hosts, fc.constantFrom(...allTransfers), fc.constantFrom(1e12, 40_000, 120_000))

test('broadcasts are placed as if every pair were asked at every step', () => {
  fc.assert(
    fc.property(broadcasts, settings, (graph, [each, transfers, limit]) => {
      const cluster = clusterOf(each, transfers)
      expectSamePlan(
        problemOf(
          graph,
          cluster,
          cluster.devices.map(() => limit),
        ),
      )
    }),
    { numRuns: 60 },
  )
})

test('graphs of every kind are placed as if every pair were asked at every step', () => {
  fc.assert(
    fc.property(instances({ min: 5, max: 40 }, 0.3), ({ graph, cluster, limits }) => {
      expectSamePlan(problemOf(graph, cluster, limits))
    }),
    { numRuns: 60 },
  )
})

test('1,000 readers of one tensor on 64 devices ask for few arrivals', () => {
  const readers = Array.from({ length: 1000 }, (_, k) => op(`r${k}`, 1 + (k % 7), 1))
  const graph = graphOf([op('hub', 1, 1000), ...readers], ...readers.map(({ name }) => `hub>${name}`))
  const problem = problemOf(graph, clusterOf([{ kinds: Array.from({ length: 64 }, () => 'x') }]))
  const asked = vi.spyOn(Scheduler.prototype, 'arrival')
  expect('placement' in listSchedule(problem, { placer: 'etf', rank: upwardRanks(problem, 1) })).toBe(true)
  // Once when ready and once when the tensor arrives, on each device; each transfer putting off all readers on every other one asked 30 times that.
  expect(asked.mock.calls.length).toBeLessThan(3 * 1000 * 64)
  asked.mockRestore()
})
