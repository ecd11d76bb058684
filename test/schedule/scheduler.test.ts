import * as fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { InternalError } from '../../src/errors/index.js'
import { opOrder, replay, Scheduler, type SchedulingProblem } from '../../src/schedule/index.js'
import { clusterOf, oneHost } from '../helpers/clusters.js'
import { graphOf, ms, op, problemOf } from '../helpers/graphs.js'
import { instances } from '../helpers/instances.js'

/** The makespan in milliseconds of ops committed in this order on these devices. */
function makespan(problem: SchedulingProblem, placed: readonly (readonly [string, number])[]): number {
  const deviceOf = new Int32Array(placed.length)
  for (const [name, device] of placed) deviceOf[problem.graph.opNumber.get(name)!] = device
  const order = Int32Array.from(placed, ([name]) => problem.graph.opNumber.get(name)!)
  return replay(problem, deviceOf, opOrder(order)).makespan / ms(1)
}

// Links of 1 kB/ms: a tensor of 1000 bytes takes 1 ms.
const chain = graphOf([op('a', 1, 2000), op('b', 2, 1000), op('c', 3)], 'a>b', 'b>c')
const fork = graphOf([op('a', 1, 2000), op('b', 3), op('c', 3)], 'a>b', 'a>c')
const join = graphOf([op('a', 1, 2000), op('b', 1, 3000), op('c', 1)], 'a>c', 'b>c')
const exchange = graphOf([op('a', 1, 2000), op('b', 1, 2000), op('c', 1), op('d', 1)], 'a>c', 'b>d')

describe('closed forms', () => {
  test.each([
    ['full-duplex', 9],
    ['half-duplex', 9],
    ['uncontended', 9],
  ] as const)('a chain over three devices, %s: ops and transfers in turn', (transfers, expected) => {
    const problem = problemOf(chain, oneHost(3, transfers))
    expect(
      makespan(problem, [
        ['a', 0],
        ['b', 0],
        ['c', 0],
      ]),
    ).toBe(6)
    expect(
      makespan(problem, [
        ['a', 0],
        ['b', 1],
        ['c', 2],
      ]),
    ).toBe(expected)
  })

  test.each([
    ['full-duplex', 8],
    ['half-duplex', 8],
    ['uncontended', 6],
  ] as const)('a fork to two devices, %s: one sender sends in turn', (transfers, expected) => {
    const problem = problemOf(fork, oneHost(3, transfers))
    expect(
      makespan(problem, [
        ['a', 0],
        ['b', 1],
        ['c', 2],
      ]),
    ).toBe(expected)
    expect(
      makespan(problem, [
        ['a', 0],
        ['b', 0],
        ['c', 1],
      ]),
    ).toBe(6)
  })

  test('a tensor moves to a device once', () => {
    const problem = problemOf(fork, oneHost(2))
    expect(
      makespan(problem, [
        ['a', 0],
        ['b', 1],
        ['c', 1],
      ]),
    ).toBe(1 + 2 + 3 + 3)
  })

  test.each([
    ['full-duplex', 7],
    ['half-duplex', 7],
    ['uncontended', 5],
  ] as const)('a join from two devices, %s: one receiver receives in turn', (transfers, expected) => {
    expect(
      makespan(problemOf(join, oneHost(3, transfers)), [
        ['a', 0],
        ['b', 1],
        ['c', 2],
      ]),
    ).toBe(expected)
  })

  test.each([
    ['full-duplex', 4],
    ['half-duplex', 6],
    ['uncontended', 4],
  ] as const)('an exchange, %s: one endpoint or two', (transfers, expected) => {
    expect(
      makespan(problemOf(exchange, oneHost(2, transfers)), [
        ['a', 0],
        ['b', 1],
        ['c', 1],
        ['d', 0],
      ]),
    ).toBe(expected)
  })

  test('a transfer of nothing takes the latency, a control edge nothing', () => {
    const graph = graphOf([op('a', 1, 0), op('b', 1), op('c', 1)], 'a>b', 'a-c')
    const cluster = oneHost(3, 'full-duplex', { link: { bytesPerSecond: 1e6, latencySeconds: 5e-4 } })
    const problem = problemOf(graph, cluster)
    expect(
      makespan(problem, [
        ['a', 0],
        ['b', 1],
        ['c', 0],
      ]),
    ).toBe(2.5)
    expect(
      makespan(problem, [
        ['a', 0],
        ['b', 0],
        ['c', 1],
      ]),
    ).toBe(2)
  })

  test('an op of no time occupies nothing: it starts in the middle of another', () => {
    const graph = graphOf([op('long', 9), op('a', 1), op('zero', 0), op('b', 1)], 'a-zero', 'zero-b')
    const problem = problemOf(graph, oneHost(2))
    expect(
      makespan(problem, [
        ['long', 0],
        ['a', 1],
        ['zero', 0],
        ['b', 1],
      ]),
    ).toBe(9)
  })

  test('a later commit fills the gap before an earlier one', () => {
    const graph = graphOf([op('a', 1, 4000), op('b', 1), op('fill', 4)], 'a>b')
    const problem = problemOf(graph, oneHost(2))
    expect(
      makespan(problem, [
        ['a', 0],
        ['b', 1],
        ['fill', 1],
      ]),
    ).toBe(6)
    const tight = problemOf(graphOf([op('a', 1, 4000), op('b', 1), op('fill', 6)], 'a>b'), oneHost(2))
    expect(
      makespan(tight, [
        ['a', 0],
        ['b', 1],
        ['fill', 1],
      ]),
    ).toBe(12)
  })
})

describe('between hosts', () => {
  const network = { bytesPerSecond: 5e5, latencySeconds: 1e-3 }
  const pair = (transfers?: 'uncontended') =>
    clusterOf(
      Array.from({ length: 2 }, () => ({ kinds: ['generic', 'generic'], network })),
      transfers,
    )

  test("a transfer takes the network's latency and the least rate", () => {
    expect(
      makespan(problemOf(chain, pair()), [
        ['a', 0],
        ['b', 2],
        ['c', 2],
      ]),
    ).toBe(1 + (1 + 4) + 2 + 3)
    const fast = clusterOf(
      Array.from({ length: 2 }, () => ({ kinds: ['generic'], network: { bytesPerSecond: 1e9, latencySeconds: 1e-3 } })),
    )
    expect(
      makespan(problemOf(chain, fast), [
        ['a', 0],
        ['b', 1],
        ['c', 1],
      ]),
    ).toBe(1 + (1 + 2) + 2 + 3)
  })

  test('two pairs of devices share the hosts, unless uncontended', () => {
    const two = graphOf([op('a', 1, 2000), op('b', 1, 2000), op('c', 1), op('d', 1)], 'a>c', 'b>d')
    const placed = [
      ['a', 0],
      ['b', 1],
      ['c', 2],
      ['d', 3],
    ] as const
    expect(makespan(problemOf(two, pair()), placed)).toBe(1 + 5 + 5 + 1)
    expect(makespan(problemOf(two, pair('uncontended')), placed)).toBe(1 + 5 + 1)
  })

  test('both directions of the network run at once, also half-duplex', () => {
    const placed = [
      ['a', 0],
      ['b', 2],
      ['c', 3],
      ['d', 1],
    ] as const
    const half = clusterOf(
      Array.from({ length: 2 }, () => ({ kinds: ['generic', 'generic'], network })),
      'half-duplex',
    )
    expect(makespan(problemOf(exchange, half), placed)).toBe(1 + 5 + 1)
  })
})

describe('ticks', () => {
  test('a step beyond 2^52 picoseconds is counted in coarser ticks', () => {
    const long = problemOf(graphOf([op('a', 5e6), op('b', 5e6)], 'a-b'), oneHost(1))
    expect(long.ticksPerSecond).toBe(1e11)
    expect(
      makespan(long, [
        ['a', 0],
        ['b', 0],
      ]) * ms(1),
    ).toBe(1e15)
  })

  test('the largest graph that may be written stays finite', () => {
    const cluster = oneHost(2, 'full-duplex', { link: { bytesPerSecond: 1, latencySeconds: 0 } })
    const problem = problemOf(graphOf([op('a', 1e10, 1e18), op('b', 1e10)], 'a>b'), cluster)
    expect(problem.ticksPerSecond).toBe(1)
    expect(
      makespan(problem, [
        ['a', 0],
        ['b', 1],
      ]) * ms(1),
    ).toBe(1e18 + 2e7)
  })
})

describe('the core refuses', () => {
  const scheduler = () => new Scheduler(problemOf(chain, oneHost(2)))
  test.each([
    ['an op twice', (core: Scheduler) => [core.commitOp(0, 0), core.commitOp(0, 1)]],
    ['a tensor that is not made', (core: Scheduler) => core.commitTransfer(0, 1)],
    ['a tensor to where it was made', (core: Scheduler) => [core.commitOp(0, 0), core.commitTransfer(0, 0)]],
  ])('%s', (_what, act) => {
    expect(() => act(scheduler())).toThrow(InternalError)
  })
})

test('what arrival foretells is what a commit does, on random graphs and placements', () => {
  let several = 0
  fc.assert(
    fc.property(instances({ min: 2, max: 25 }), fc.nat(), ({ graph, cluster }, seed) => {
      const problem = problemOf({ ...graph, ops: graph.ops.map(({ deviceKinds: _, ...each }) => each) }, cluster)
      const core = new Scheduler(problem)
      let turn = seed
      for (const number of problem.graph.topologicalOrder) {
        turn = (turn * 31 + 17) % 65_537
        const device = turn % problem.deviceCount
        const foretold = core.arrival(number, device)
        const moves = core.missingTicks(number, device)
        const before = core.copyCount
        const free = core.compute[device].fit(foretold, core.opTicks(number, device))
        core.commitOp(number, device)
        expect(core.opStart[number]).toBe(free)
        let moved = 0
        for (let c = before; c < core.copyCount; c++) moved += core.copyEnd[c] - core.copyStart[c]
        expect(moves).toBe(moved)
        if (core.copyCount > before + 1) several++
      }
    }),
    { numRuns: 300 },
  )
  expect(several).toBeGreaterThan(100)
})

test('an op that reads 20,000 tensors from elsewhere is placed in a moment', () => {
  const count = 20_000
  const sources = Array.from({ length: count }, (_, k) => op(`s${count + k}`, (k * 7) % 5, 10))
  const all = {
    name: 'norm',
    ops: [...sources, op('join', 1)],
    edges: [] as { from: string; to: string; output: string }[],
  }
  for (const { name } of sources) all.edges.push({ from: name, to: 'join', output: `${name}.out` })
  const problem = problemOf(all, oneHost(2))
  const core = new Scheduler(problem)
  for (const number of problem.graph.topologicalOrder.subarray(0, count)) core.commitOp(number, 0)
  const join = problem.graph.opNumber.get('join')!
  const before = performance.now()
  const foretold = core.arrival(join, 1)
  core.commitOp(join, 1)
  expect(core.opStart[join]).toBe(foretold)
  expect(performance.now() - before).toBeLessThan(2000)
})
