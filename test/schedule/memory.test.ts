import * as fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { MemoryLedger, memoryPeaks, opOrder, replay, Scheduler } from '../../src/schedule/index.js'
import { oneHost } from '../helpers/clusters.js'
import { graphOf, op, problemOf } from '../helpers/graphs.js'
import { instances } from '../helpers/instances.js'

function peaks(
  description: Parameters<typeof problemOf>[0],
  deviceCount: number,
  devices: Record<string, number>,
): number[] {
  const problem = problemOf(description, oneHost(deviceCount))
  const deviceOf = Int32Array.from(problem.graph.ops, ({ name }) => devices[name])
  return [...memoryPeaks(problem, replay(problem, deviceOf, opOrder(problem.graph.topologicalOrder)))]
}

describe('memoryPeaks', () => {
  test('an output is freed when its last reader ends, before the next is acquired', () => {
    const chain = graphOf([op('a', 1, 10), op('b', 1, 20), op('c', 1, 40)], 'a>b', 'b>c')
    expect(peaks(chain, 1, { a: 0, b: 0, c: 0 })).toEqual([60])
  })

  test('what nobody reads is held to the end', () => {
    const two = graphOf([op('a', 1, 10), op('b', 1, 20), op('c', 1, 40)], 'a-b', 'b-c')
    expect(peaks(two, 1, { a: 0, b: 0, c: 0 })).toEqual([70])
  })

  test('temporaries while the op runs, parameters always', () => {
    const ops = [
      op('a', 1, undefined, { temporaryBytes: 5, parameterBytes: 100 }),
      op('b', 1, 0, { temporaryBytes: 7 }),
    ]
    expect(peaks(graphOf(ops, 'a-b'), 2, { a: 0, b: 0 })).toEqual([107, 0])
    expect(peaks(graphOf(ops, 'a-b'), 2, { a: 0, b: 1 })).toEqual([105, 7])
  })

  test('a tensor stays with its maker until it has left, a copy from when it leaves', () => {
    // 3000 bytes leave in 3 ms; meanwhile x makes 10 bytes on device 0.
    const graph = graphOf([op('a', 1, 3000), op('x', 1, 10), op('b', 1, 500), op('y', 1)], 'a>b', 'a-x', 'x>y')
    expect(peaks(graph, 2, { a: 0, x: 0, b: 1, y: 0 })).toEqual([3010, 3500])
  })

  test('an op of no time holds no temporaries, nor what is read at once', () => {
    const graph = graphOf([op('a', 0, 50, { temporaryBytes: 9 }), op('b', 0), op('c', 1)], 'a>b', 'b-c')
    expect(peaks(graph, 1, { a: 0, b: 0, c: 0 })).toEqual([0])
  })

  test('a step of no time holds nothing, not even parameters', () => {
    expect(peaks(graphOf([op('a', 0, 50, { parameterBytes: 7 })]), 1, { a: 0 })).toEqual([0])
  })
})

test('the ledger never tells less than the exact account, and it admits what fits', () => {
  let admitted = 0
  fc.assert(
    fc.property(instances({ min: 2, max: 30 }), fc.nat(), ({ graph, cluster, limits }, seed) => {
      const problem = problemOf(graph, cluster, limits)
      const core = new Scheduler(problem)
      const ledger = new MemoryLedger(problem, core)
      const groupDevice = new Map<number, number>()
      let turn = seed
      for (const number of problem.graph.topologicalOrder) {
        turn = (turn * 31 + 17) % 65_537
        const group = problem.graph.groupOf[number]
        const wanted = groupDevice.get(group) ?? turn % problem.deviceCount
        const device = core.opTicks(number, wanted) < 0 ? 0 : wanted
        const start = core.compute[device].fit(core.arrival(number, device), core.opTicks(number, device))
        if (ledger.excess(number, device, start) > 0) return
        if (group >= 0) groupDevice.set(group, device)
        const firstCopy = core.copyCount
        core.commitOp(number, device)
        ledger.record(number, firstCopy)
      }
      admitted++
      memoryPeaks(problem, core.result()).forEach((bytes, d) => {
        expect(bytes).toBeLessThanOrEqual(limits[d])
      })
    }),
    { numRuns: 400 },
  )
  expect(admitted).toBeGreaterThan(60)
})

test('peaks hold at least the parameters of every step that takes time', () => {
  fc.assert(
    fc.property(instances({ min: 1, max: 20 }), ({ graph, cluster }) => {
      const problem = problemOf(graph, cluster)
      const deviceOf = new Int32Array(problem.graph.ops.length)
      const schedule = replay(problem, deviceOf, opOrder(problem.graph.topologicalOrder))
      const parameters = problem.graph.parameterBytes.reduce((sum, bytes) => sum + bytes, 0)
      const [first, ...others] = memoryPeaks(problem, schedule)
      if (schedule.makespan > 0) expect(first).toBeGreaterThanOrEqual(parameters)
      expect(others.every((bytes) => bytes === 0)).toBe(true)
    }),
    { numRuns: 150 },
  )
})
