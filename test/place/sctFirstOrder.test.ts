import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { sctFirstOrder } from '../../src/place/sctFirstOrder.js'
import { earliestStarts, type SctInput, sctGraph } from '../../src/place/sctGraph.js'
import { buildSctProgram } from '../../src/place/sctProgram.js'
import { sctRelaxation } from '../../src/place/sctRelaxation.js'
import { solveLinearProgram } from '../../src/solve/index.js'
import { chains, type Edge, layered, sctInput, sctInputs } from './sctGraphs.js'

async function optimum(input: SctInput): Promise<number> {
  const { program, unitSeconds } = buildSctProgram(input)
  return (await solveLinearProgram(program)).objective * unitSeconds
}

/** The x obey the degree rule and give the makespan that is claimed. */
function expectFeasible(input: SctInput, x: Float64Array, makespanSeconds: number) {
  for (const ends of [input.edgeFrom, input.edgeTo]) {
    const favour = new Float64Array(input.opCount)
    for (let edge = 0; edge < x.length; edge++) favour[ends[edge]!]! += 1 - x[edge]!
    for (const total of favour) expect(total).toBeLessThanOrEqual(1 + 1e-12)
  }
  for (const share of x) expect(share >= 0 && share <= 1).toBe(true)
  const starts = earliestStarts(input, sctGraph(input), (edge) => x[edge]!)
  expect(starts[input.opCount]!).toBeCloseTo(makespanSeconds, 12)
}

describe('the bound and the value enclose the optimum', () => {
  it('on small random graphs, however few the iterations', async () => {
    await fc.assert(
      fc.asyncProperty(sctInputs, fc.constantFrom(0, 3, 10, 200), async (input, maxIterations) => {
        const { x, makespanSeconds, boundSeconds, iterations } = sctFirstOrder(input, { maxIterations })
        const exact = await optimum(input)
        expect(boundSeconds).toBeLessThanOrEqual(exact * (1 + 1e-6))
        expect(makespanSeconds).toBeGreaterThanOrEqual(exact * (1 - 1e-6))
        expect(iterations).toBeLessThanOrEqual(maxIterations)
        expectFeasible(input, x, makespanSeconds)
      }),
      { numRuns: 150 },
    )
  })

  it.each<[string, SctInput, number]>([
    ['a layered graph', layered(600, 12, 1), 0.001],
    ['a layered graph with transfers five times as dear', layered(600, 12, 5), 0.005],
    ['parallel chains, where one choice moves many edges', chains(10, 3, 20), 0.002],
  ])('on %s', async (_, input, gap) => {
    const { x, makespanSeconds, boundSeconds } = sctFirstOrder(input)
    const exact = await optimum(input)
    expect(boundSeconds).toBeLessThanOrEqual(exact * (1 + 1e-6))
    expect(makespanSeconds).toBeGreaterThanOrEqual(exact * (1 - 1e-6))
    expect(makespanSeconds / boundSeconds - 1).toBeLessThanOrEqual(gap)
    expectFeasible(input, x, makespanSeconds)
  })
})

it('20,000 ops: within 0.5 % in at most 150 iterations', () => {
  const { makespanSeconds, boundSeconds, iterations } = sctFirstOrder(layered(20_000, 16, 1), { targetGap: 0.005 })
  expect(makespanSeconds / boundSeconds - 1).toBeLessThanOrEqual(0.005)
  expect(iterations).toBeLessThanOrEqual(150)
})

it.each<[string, SctInput, number]>([
  ['no ops', sctInput([], []), 0],
  ['no edges', sctInput([1, 5, 2], []), 5],
  [
    'free edges',
    sctInput(
      [1, 5, 2],
      [
        [0, 1, 0],
        [0, 2, 0],
      ],
    ),
    6,
  ],
  [
    'a chain',
    sctInput(
      [1, 2, 3],
      [
        [0, 1, 9],
        [1, 2, 9],
      ],
    ),
    6,
  ],
  [
    'a fork with equal arms',
    sctInput(
      [1, 3, 3],
      [
        [0, 1, 4],
        [0, 2, 4],
      ],
    ),
    6,
  ],
  [
    'ops of no time',
    sctInput(
      [0, 0, 0],
      [
        [0, 1, 2],
        [0, 2, 2],
      ],
    ),
    1,
  ],
  [
    'costs of many sizes',
    sctInput(
      [1, 1, 1, 1],
      [
        [0, 1, 1e-12],
        [0, 2, 1e-3],
        [0, 3, 10],
      ],
    ),
    2,
  ],
])('%s', (_, input, seconds) => {
  const { makespanSeconds, boundSeconds } = sctFirstOrder(input)
  expect(makespanSeconds).toBeLessThanOrEqual(seconds * 1.0011)
  expect(boundSeconds).toBeGreaterThanOrEqual(seconds / 1.0011)
})

it('gives the same answer twice, to the bit, and the same value for edges in another order', () => {
  const input = layered(300, 8, 1)
  expect(sctFirstOrder(input)).toEqual(sctFirstOrder(input))
  const edges: Edge[] = Array.from(input.edgeFrom, (from, edge) => [
    from,
    input.edgeTo[edge]!,
    input.edgeSeconds[edge]!,
  ])
  const turned = sctFirstOrder(sctInput([...input.seconds], edges.reverse()))
  expect(turned.makespanSeconds).toBeCloseTo(sctFirstOrder(input).makespanSeconds, 4)
})

it('the relaxation takes the solver that it is told, and by size otherwise', async () => {
  const [small, medium, large] = [layered(20, 4, 1), layered(300, 8, 1), layered(3_000, 16, 1)]
  expect((await sctRelaxation(small)).solver).toBe('javascript-lp-solver')
  expect((await sctRelaxation(medium)).solver).toBe('highs-simplex')
  expect((await sctRelaxation(large)).solver).toBe('first-order')
  const exact = await sctRelaxation(medium, 'highs')
  const near = await sctRelaxation(medium, 'first-order')
  expect(near.solver).toBe('first-order')
  expect(near.boundSeconds).toBeLessThanOrEqual(exact.makespanSeconds * (1 + 1e-6))
  expect(near.makespanSeconds).toBeGreaterThanOrEqual(exact.boundSeconds * (1 - 1e-6))
  const children = near.favourites.filter((child) => child >= 0)
  expect(children.length).toBeGreaterThan(0)
  expect(new Set(children).size).toBe(children.length)
})
