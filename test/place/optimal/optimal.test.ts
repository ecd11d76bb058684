import { describe, expect, test } from 'vitest'
import { smallInstance } from '../../../bench/lib/smallInstance.mjs'
import { buildGraph } from '../../../src/graph/index.js'
import { certify } from '../../../src/place/bounds/certify.js'
import { checkFeasible } from '../../../src/place/checkFeasible.js'
import { placeOptimal } from '../../../src/place/optimal/optimal.js'
import { replay, type SchedulingProblem, verifyOrder } from '../../../src/schedule/index.js'
import { clusterOf, oneHost } from '../../helpers/clusters.js'
import { graphOf, ms, op, problemOf } from '../../helpers/graphs.js'
import { bruteForce } from './bruteForce.js'

function placed(problem: SchedulingProblem, effort?: number) {
  const attempt = placeOptimal(problem, { effort })
  if (!('placement' in attempt)) throw new Error('no placement')
  return attempt.placement
}

describe('closed forms', () => {
  test('a fork pays the sender in turn, or keeps a reader', () => {
    const fork = graphOf([op('a', 1, 1000), op('b', 3), op('c', 3), op('d', 3)], 'a>b', 'a>c', 'a>d')
    const { schedule, bound } = placed(problemOf(fork, oneHost(3)))
    expect(schedule.makespan).toBe(ms(6))
    expect(bound!.ticks).toBe(ms(6))
  })

  test('transfers are decisions of their own: the urgent one goes first although its producer is later in every op order', () => {
    // x is needed soon, y late; both leave device 0, where only one can travel at a time.
    const graph = graphOf(
      [op('x', 1, 2000), op('y', 1, 4000), op('p', 6, undefined), op('q', 1, undefined)],
      'x>p',
      'y>q',
    )
    const problem = problemOf(graph, oneHost(2))
    expect(placed(problem).schedule.makespan).toBe(bruteForce(problem))
  })

  test('an unlike pair of devices: each op where it is fast', () => {
    const on = (fast: number, slow: number) => ({ seconds: { fast: fast / 1000, slow: slow / 1000 } })
    const graph = graphOf([op('a', 0, undefined, on(1, 9)), op('b', 0, undefined, on(9, 2))])
    expect(placed(problemOf(graph, clusterOf([{ kinds: ['fast', 'slow'] }]))).schedule.makespan).toBe(ms(2))
  })
})

/** Instances per size; STOWAGE_BRUTE_FORCE=72 compares 504 of up to 8 ops, in half an hour. */
const wanted = Number(process.env.STOWAGE_BRUTE_FORCE ?? 30)

describe('against every placement and every order of ops and transfers', () => {
  const [sizes, mostMaps] = wanted > 30 ? [[2, 3, 4, 5, 6, 7, 8], 7000] : [[2, 3, 4, 5, 6], 800]
  let boundByMemory = 0
  test.each(sizes)('%d ops', { timeout: 60_000 * wanted }, (ops) => {
    let compared = 0
    for (let seed = 100 * ops; compared < wanted; seed++) {
      const { graph, cluster, limits } = smallInstance(seed, ops)
      if (cluster.devices.length ** ops > mostMaps) continue
      const problem = problemOf(graph, cluster, limits)
      if (!isFeasible(problem)) continue
      const shortest = bruteForce(problem)
      const attempt = placeOptimal(problem)
      compared++
      if (shortest === Number.POSITIVE_INFINITY) {
        expect('miss' in attempt).toBe(true)
        continue
      }
      if (!('placement' in attempt)) throw new Error(`seed ${seed}: no placement`)
      const { placement } = attempt
      expect({ seed, ticks: placement.schedule.makespan }).toEqual({ seed, ticks: shortest })
      expect(placement.bound!.ticks).toBe(shortest)
      expect(certify(problem).ticks).toBeLessThanOrEqual(shortest)
      verifyOrder(problem, placement.deviceOf, placement.order)
      expect(replay(problem, placement.deviceOf, placement.order)).toEqual(placement.schedule)
      if (bruteForce({ ...problem, memoryLimits: limits.map(() => 1e15) as never }) < shortest) boundByMemory++
    }
    if (ops === 6) expect(boundByMemory).toBeGreaterThan(0)
  })
})

test('when the nodes run out, the gap is certified', () => {
  const { graph, cluster, limits } = smallInstance(4, 24, { plain: true, devices: 4 })
  const problem = problemOf(buildGraph(graph), cluster, limits)
  const whole = placed(problem)
  const cut = placed(problem, 5e-6)
  expect(cut.bound!.nodes).toBeLessThanOrEqual(10)
  expect(cut.bound!.ticks).toBeLessThanOrEqual(whole.schedule.makespan)
  expect(cut.bound!.ticks).toBeGreaterThanOrEqual(certify(problem).ticks)
})

function isFeasible(problem: SchedulingProblem): boolean {
  try {
    checkFeasible(problem)
    return true
  } catch {
    return false
  }
}
