import * as fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import type { UserError } from '../../src/errors/index.js'
import { placementDecisions, readOrder } from '../../src/plan/index.js'
import {
  completeOrder,
  criticalPath,
  justify,
  opOrder,
  replay,
  type SchedulingProblem,
  upwardRanks,
  verifyOrder,
} from '../../src/schedule/index.js'
import { allTransfers, oneHost } from '../helpers/clusters.js'
import { graphOf, ms, op, problemOf } from '../helpers/graphs.js'
import { type Instance, instances } from '../helpers/instances.js'

/** A placement of an instance that obeys groups and kinds: by name, spread by a seed. */
function placed(
  { graph, cluster, limits }: Instance,
  seed: number,
): { problem: SchedulingProblem; deviceOf: Int32Array } {
  const problem = problemOf(graph, cluster, limits)
  const deviceOf = Int32Array.from(problem.graph.ops, (_, i) => {
    const device = ((problem.graph.groupOf[i] + 1 || i) * 7 + seed) % problem.deviceCount
    return problem.opTicks[problem.kindOf[device]][i] < 0 ? 0 : device
  })
  return { problem, deviceOf }
}

/** The rule of FORMATS, word by word: quadratic, on the schedule as it grows. */
function completeNaively(problem: SchedulingProblem, deviceOf: Int32Array): number[] {
  const { graph, deviceCount } = problem
  const rank = upwardRanks(problem, 1)
  const order: number[] = []
  const left = new Set(graph.ops.keys())
  while (left.size > 0) {
    const { opEnd } = replay(problem, deviceOf, opOrder(Int32Array.from(order)))
    const free = new Float64Array(deviceCount)
    for (const k of order)
      if (problem.opTicks[problem.kindOf[deviceOf[k]]][k] > 0) free[deviceOf[k]] = Math.max(free[deviceOf[k]], opEnd[k])
    const ready = [...left].flatMap((k) => {
      const before = Array.from(graph.inEdge.subarray(graph.inStart[k], graph.inStart[k + 1]), (e) => graph.edgeFrom[e])
      if (before.some((b) => left.has(b))) return []
      return [{ k, start: Math.max(free[deviceOf[k]], ...before.map((b) => opEnd[b])) }]
    })
    ready.sort((a, b) => a.start - b.start || rank[b.k] - rank[a.k] || a.k - b.k)
    order.push(ready[0].k)
    left.delete(ready[0].k)
  }
  return order
}

describe('completeOrder', () => {
  test('follows the rule of FORMATS', () => {
    fc.assert(
      fc.property(instances({ min: 1, max: 14 }), fc.nat(50), (instance, seed) => {
        const { problem, deviceOf } = placed(instance, seed)
        expect([...completeOrder(problem, deviceOf)]).toEqual(completeNaively(problem, deviceOf))
      }),
      { numRuns: 150 },
    )
  })
})

describe('a commit order', () => {
  test('by names and back is the same; it verifies; its replay is the same to the bit', () => {
    fc.assert(
      fc.property(instances({ min: 1, max: 25 }), fc.nat(50), (instance, seed) => {
        const { problem, deviceOf } = placed(instance, seed)
        const schedule = replay(problem, deviceOf, opOrder(completeOrder(problem, deviceOf)))
        const { order } = justify(problem, schedule)
        const named = placementDecisions(problem.graph, deviceOf, order).order!
        expect(readOrder(problem.graph, named, 'plan')).toEqual(order)
        verifyOrder(problem, deviceOf, order)
        expect(replay(problem, deviceOf, order)).toEqual(replay(problem, deviceOf, order))
      }),
      { numRuns: 150 },
    )
  })

  test('justification never lengthens a schedule', () => {
    let shorter = 0
    fc.assert(
      fc.property(instances({ min: 2, max: 30 }), fc.nat(50), (instance, seed) => {
        const { problem, deviceOf } = placed(instance, seed)
        const before = replay(problem, deviceOf, opOrder(completeOrder(problem, deviceOf)))
        const { makespan } = justify(problem, before).schedule
        expect(makespan).toBeLessThanOrEqual(before.makespan)
        if (makespan < before.makespan) shorter++
      }),
      { numRuns: 300 },
    )
    expect(shorter).toBeGreaterThan(3)
  })
})

describe('criticalPath', () => {
  test('has no gaps from 0 to the makespan, whatever the transfers', () => {
    fc.assert(
      fc.property(instances({ min: 1, max: 30 }), fc.nat(50), (instance, seed) => {
        const { problem, deviceOf } = placed(instance, seed)
        const schedule = replay(problem, deviceOf, opOrder(completeOrder(problem, deviceOf)))
        const path = criticalPath(problem, schedule)
        let at = 0
        for (const { start, end } of path) {
          expect(start).toBe(at)
          at = end
        }
        expect(at).toBe(schedule.makespan)
      }),
      { numRuns: 300 },
    )
  })

  test('names the transfer that holds up a join', () => {
    const problem = problemOf(graphOf([op('a', 1, 5000), op('b', 1)], 'a>b'), oneHost(2))
    const schedule = replay(problem, Int32Array.of(0, 1), opOrder(Int32Array.of(0, 1)))
    expect(criticalPath(problem, schedule)).toEqual([
      { isTransfer: false, item: 0, device: 0, start: 0, end: ms(1) },
      { isTransfer: true, item: 0, device: 1, start: ms(1), end: ms(6) },
      { isTransfer: false, item: 1, device: 1, start: ms(6), end: ms(7) },
    ])
  })

  test('20,000 ops that end at once are walked quickly', () => {
    const names = Array.from({ length: 20_000 }, (_, k) => `z${k}`)
    const graph = graphOf(
      [op('a', 1), ...names.map((name) => op(name, 0))],
      'a-z0',
      ...names.slice(1).map((n, k) => `z${k}-${n}`),
    )
    const problem = problemOf(graph, oneHost(1))
    const schedule = replay(problem, new Int32Array(20_001), opOrder(problem.graph.topologicalOrder))
    const before = performance.now()
    expect(criticalPath(problem, schedule)).toHaveLength(1)
    expect(performance.now() - before).toBeLessThan(3000)
  })
})

describe('on a chain, more bandwidth or less latency is never slower', () => {
  const links = fc.record({
    bytesPerSecond: fc.integer({ min: 1e5, max: 1e7 }),
    latencySeconds: fc.integer({ min: 0, max: 100 }).map((each) => each * 1e-5),
  })
  test.each(allTransfers)('%s', (transfers) => {
    fc.assert(
      fc.property(
        fc.array(fc.record({ milliseconds: fc.nat(9), bytes: fc.nat(9000), device: fc.nat(2) }), {
          minLength: 2,
          maxLength: 12,
        }),
        links,
        links,
        (chain, a, b) => {
          const names = chain.map((_, k) => `o${String(k).padStart(3, '0')}`)
          const graph = graphOf(
            chain.map(({ milliseconds, bytes }, k) => op(names[k], milliseconds, bytes)),
            ...names.slice(1).map((name, k) => `${names[k]}>${name}`),
          )
          const better = {
            bytesPerSecond: Math.max(a.bytesPerSecond, b.bytesPerSecond),
            latencySeconds: Math.min(a.latencySeconds, b.latencySeconds),
          }
          const [quick, slow] = [better, a].map((link) => {
            const problem = problemOf(graph, oneHost(3, transfers, { link }))
            const order = opOrder(problem.graph.topologicalOrder)
            return replay(
              problem,
              Int32Array.from(chain, ({ device }) => device),
              order,
            ).makespan
          })
          expect(quick).toBeLessThanOrEqual(slow)
        },
      ),
      { numRuns: 100 },
    )
  })
})

describe('verifyOrder refuses', () => {
  const graph = graphOf(
    [op('a', 1, 10), op('b', 1, 10, { colocationGroup: 'g' }), op('c', 1, 0, { colocationGroup: 'g' })],
    'a>b',
    'b>c',
  )
  const problem = problemOf(graph, oneHost(3))
  const far = Int32Array.of(0, 1, 1)
  const entries = (...list: readonly (number | readonly [number, number])[]) => ({
    item: Int32Array.from(list, (each) => (typeof each === 'number' ? each : each[0])),
    to: Int32Array.from(list, (each) => (typeof each === 'number' ? -1 : each[1])),
  })

  test.each([
    ['E601', 'a device that is none', Int32Array.of(0, 3, 3), entries(0, 1, 2), 'b is placed on device 3', 'op b'],
    ['E601', 'a negative device', Int32Array.of(-1, 1, 1), entries(0, 1, 2), 'a is placed on device -1', 'op a'],
    ['E601', 'a split group', Int32Array.of(0, 1, 2), entries(0, 1, 2), 'colocation group g is split', 'op c'],
    [
      'E602',
      'an op before its predecessor',
      far,
      entries(1, 0, 2),
      'b stands before its predecessor a',
      'order entry 0',
    ],
    ['E602', 'an op twice', far, entries(0, 1, 2, 1), 'b is listed twice', 'order entry 3'],
    ['E602', 'an op not at all', far, entries(0, 1), 'c is missing from the order', 'order'],
    [
      'E602',
      'a transfer before its producer',
      far,
      entries([0, 1], 0, 1, 2),
      'the transfer of a.out to device 1 stands before its producer a',
      'order entry 0',
    ],
    [
      'E602',
      'a transfer twice',
      far,
      entries(0, [0, 1], [0, 1], 1, 2),
      'the transfer of a.out to device 1 is not needed, or stands behind a consumer',
      'order entry 2',
    ],
    [
      'E602',
      'a transfer after its consumer',
      far,
      entries(0, 1, [0, 1], 2),
      'the transfer of a.out to device 1 is not needed, or stands behind a consumer',
      'order entry 2',
    ],
    [
      'E602',
      'a transfer that serves no op',
      far,
      entries(0, [0, 2], 1, 2),
      'the transfer of a.out to device 2 serves no op there',
      'order entry 1',
    ],
    [
      'E602',
      'a transfer home',
      far,
      entries(0, [0, 0], 1, 2),
      'the transfer of a.out to device 0 serves no op there',
      'order entry 1',
    ],
  ] as const)('%s: %s', (code, _what, deviceOf, order, message, where) => {
    try {
      verifyOrder(problem, deviceOf, order)
      expect.unreachable()
    } catch (error) {
      expect((error as UserError).problems).toContainEqual(expect.objectContaining({ code, message, where }))
    }
  })

  test('an op where it may not run', () => {
    const picky = problemOf(graphOf([op('a', 1, 0, { seconds: { x: 1 } })]), {
      ...oneHost(1),
      devices: ['x', 'y'].map((kind) => ({ ...oneHost(1).devices[0], kind })),
    })
    expect(() => verifyOrder(picky, Int32Array.of(1), entries(0))).toThrow('a cannot run on device 1, a y')
  })

  test('nothing of a sound order', () => {
    expect(() => verifyOrder(problem, far, entries(0, [0, 1], 1, 2))).not.toThrow()
  })
})
