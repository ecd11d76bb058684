import { describe, expect, test } from 'vitest'
import { placeEtf } from '../../src/place/etf.js'
import { listSchedule } from '../../src/place/listSchedule.js'
import type { Attempt } from '../../src/place/placement.js'
import { upwardRanks } from '../../src/schedule/index.js'
import { clusterOf, oneHost } from '../helpers/clusters.js'
import { graphOf, ms, op, problemOf } from '../helpers/graphs.js'

function placementOf(attempt: Attempt) {
  if ('miss' in attempt) throw new Error(`a miss: ${JSON.stringify(attempt.miss)}`)
  return attempt.placement
}
const devices = (attempt: Attempt) => [...placementOf(attempt).deviceOf]

describe('earliest start first', () => {
  const diamond = graphOf([op('a', 1, 100), op('b', 4, 100), op('c', 3, 100), op('d', 1)], 'a>b', 'a>c', 'b>d', 'c>d')

  test('a diamond spreads where that pays, the longer branch staying', () => {
    const placement = placementOf(placeEtf(problemOf(diamond, oneHost(2))))
    expect([...placement.deviceOf]).toEqual([0, 0, 1, 0])
    expect(placement.schedule.makespan).toBe(ms(6))
  })

  test('and stays together where transfers are dear', () => {
    const slow = oneHost(2, 'full-duplex', { link: { bytesPerSecond: 1e4, latencySeconds: 0 } })
    expect(devices(placeEtf(problemOf(diamond, slow)))).toEqual([0, 0, 0, 0])
  })

  test('a group follows its first op', () => {
    const tied = { ...diamond, ops: diamond.ops.map((each) => ({ ...each, colocationGroup: 'all' })) }
    expect(new Set(devices(placeEtf(problemOf(tied, oneHost(3)))))).toHaveLength(1)
  })

  test('a group settles where all its ops may run, although another device is free at once', () => {
    const graph = graphOf([
      op('a', 1, 0, { colocationGroup: 'g' }),
      op('b', 1, 0, { colocationGroup: 'g', deviceKinds: ['y'] }),
    ])
    expect(devices(placeEtf(problemOf(graph, clusterOf([{ kinds: ['x', 'y'] }]))))).toEqual([1, 1])
  })
})

test('a map that is given is kept, also where it leaves alike devices out', () => {
  const graph = graphOf([op('a', 1, 10), op('b', 2, 10), op('c', 1)], 'a>c', 'b>c')
  const problem = problemOf(graph, clusterOf([{ kinds: ['x', 'x', 'x'] }, { kinds: ['x', 'x', 'x'] }]))
  const fixedDevice = Int32Array.of(5, 2, 4)
  const attempt = listSchedule(problem, { placer: 'etf', rank: upwardRanks(problem, 1), fixedDevice })
  expect(devices(attempt)).toEqual([5, 2, 4])
})

describe('memory', () => {
  test('an op that does not fit beside another waits until that is freed', () => {
    const pairs = graphOf(
      ['1', '2', '3'].flatMap((k) => [op(`a${k}`, 1, 10), op(`b${k}`, 1)]),
      'a1>b1',
      'a2>b2',
      'a3>b3',
    )
    const { peakBytes, schedule } = placementOf(placeEtf(problemOf(pairs, oneHost(1), [10])))
    expect([...peakBytes]).toEqual([10])
    expect(schedule.makespan).toBe(ms(6))
  })

  test('what no device can hold is a miss that names op, device and bytes', () => {
    const kept = graphOf([op('a', 1, 60), op('b', 1, 60), op('c', 1)], 'a>c', 'b>c')
    expect(placeEtf(problemOf(kept, oneHost(1), [119]))).toEqual({
      miss: { placer: 'etf', placedOps: 1, op: 1, device: 0, excessBytes: 1 },
    })
  })

  test('parameters of a whole group are reserved with its first op', () => {
    const graph = graphOf(
      [
        op('a', 1, 1, { colocationGroup: 'g', parameterBytes: 40 }),
        op('b', 1, 1, { parameterBytes: 50 }),
        op('c', 1, 1, { colocationGroup: 'g', parameterBytes: 40 }),
      ],
      'a-b',
      'b-c',
    )
    const placement = placementOf(placeEtf(problemOf(graph, oneHost(2), [100, 100])))
    expect(placement.deviceOf[0]).toBe(placement.deviceOf[2])
    expect(placement.deviceOf[1]).not.toBe(placement.deviceOf[0])
  })

  test('2,000 pairs on full devices are placed without trying all at each step', () => {
    const names = Array.from({ length: 2000 }, (_, k) => k)
    const graph = graphOf(
      names.flatMap((k) => [op(`a${k}`, 1, 10), op(`b${k}`, 1)]),
      ...names.map((k) => `a${k}>b${k}`),
    )
    const before = performance.now()
    const { peakBytes } = placementOf(placeEtf(problemOf(graph, oneHost(2), [35, 35])))
    expect(Math.max(...peakBytes)).toBeLessThanOrEqual(35)
    expect(performance.now() - before).toBeLessThan(5000)
  })

  test('a chain of 20,000 ops just below the limit is not walked again at each op', () => {
    const names = Array.from({ length: 20_000 }, (_, k) => `o${k}`)
    const graph = graphOf(
      names.map((name) => op(name, 1, 10)),
      ...names.slice(1).map((name, k) => `${names[k]}>${name}`),
    )
    const before = performance.now()
    expect(placementOf(placeEtf(problemOf(graph, oneHost(2), [25, 25]))).schedule.makespan).toBe(ms(20_000))
    expect(performance.now() - before).toBeLessThan(5000)
  })
})

describe('favourites', () => {
  const graph = graphOf([op('a', 1, 3000), op('b', 2), op('x', 1, 3000), op('y', 5)], 'a>b', 'x>y')
  const favourites = (...pairs: readonly (readonly [string, string])[]) => {
    const problem = problemOf(graph, oneHost(2))
    const of = (name: string) => problem.graph.opNumber.get(name)!
    const favouriteOf = new Int32Array(4).fill(-1)
    for (const [parent, child] of pairs) favouriteOf[of(parent)] = of(child)
    return listSchedule(problem, { placer: 'sct', rank: upwardRanks(problem, 1), favouriteOf })
  }

  test('a child stays with the parent that favours it', () => {
    const { deviceOf, schedule } = placementOf(favourites(['a', 'b'], ['x', 'y']))
    expect(deviceOf[0]).toBe(deviceOf[1])
    expect(schedule.makespan).toBe(ms(6))
  })

  test('waiting for children that can never come first is no deadlock', () => {
    const { schedule } = placementOf(favourites(['y', 'a'], ['b', 'x'], ['x', 'b'], ['a', 'y']))
    expect(schedule.makespan).toBeGreaterThanOrEqual(ms(6))
  })
})
