import { describe, expect, test } from 'vitest'
import { placeTopo } from '../../src/place/topo.js'
import { withinLimits } from '../../src/place/withinLimits.js'
import { clusterOf, oneHost } from '../helpers/clusters.js'
import { graphOf, op, problemOf } from '../helpers/graphs.js'

const names = ['a', 'b', 'c', 'd', 'e', 'f']
const chain = (bytes: number, more = {}) =>
  graphOf(
    names.map((name) => op(name, 1, bytes, more)),
    ...names.slice(1).map((name, k) => `${names[k]}>${name}`),
  )

function devices(...args: Parameters<typeof problemOf>): number[] {
  const attempt = placeTopo(problemOf(...args))
  if ('miss' in attempt) throw new Error(JSON.stringify(attempt.miss))
  return [...attempt.placement.deviceOf]
}

describe('m-TOPO', () => {
  test('fills one device after the other up to mean plus largest', () => {
    // Share: floor(60 / 3) + 10 = 30 bytes, three ops.
    expect(devices(chain(10), oneHost(3))).toEqual([0, 0, 0, 1, 1, 1])
  })

  test('a limit below the share is kept, where the original passes it', () => {
    expect(devices(chain(10), oneHost(3), [20, 20, 20])).toEqual([0, 0, 1, 1, 2, 2])
  })

  test('what no later device can take goes to an earlier one', () => {
    expect(devices(chain(10), oneHost(3), [50, 10, 10])).toEqual([0, 0, 0, 1, 2, 0])
  })

  test('a group goes whole with its first op', () => {
    const graph = chain(10)
    const tied = {
      ...graph,
      ops: graph.ops.map((each) => ('af'.includes(each.name) ? { ...each, colocationGroup: 'g' } : each)),
    }
    const [a, , , , , f] = devices(tied, oneHost(3))
    expect(a).toBe(f)
  })

  test('an op goes where it may run', () => {
    const graph = graphOf([op('a', 1, 1, { deviceKinds: ['y'] }), op('b', 1, 1, { deviceKinds: ['x'] })])
    expect(devices(graph, clusterOf([{ kinds: ['x', 'y'] }]))).toEqual([1, 0])
  })

  test('a miss names a device that may run the op, and the bytes it lacks', () => {
    const graph = graphOf([op('a', 1, 50, { deviceKinds: ['y'] }), op('b', 1, 60, { deviceKinds: ['y'] })])
    expect(placeTopo(problemOf(graph, clusterOf([{ kinds: ['x', 'y'] }]), [1000, 100]))).toEqual({
      miss: { placer: 'topo', placedOps: 1, op: 1, device: 1, excessBytes: 10 },
    })
  })
})

describe('withinLimits', () => {
  test('passes what fits and turns the rest into a miss where most is over', () => {
    const problem = problemOf(chain(10), oneHost(3))
    const attempt = placeTopo(problem)
    expect(withinLimits(problem, attempt)).toBe(attempt)
    const tight = { ...problem, memoryLimits: Float64Array.of(19, 10, 0) }
    expect(withinLimits(tight, attempt)).toMatchObject({
      miss: { placer: 'topo', placedOps: 6, op: -1, device: 1, excessBytes: 10 },
    })
  })
})
