import * as fc from 'fast-check'
import { expect, it } from 'vitest'
import { sctFavourites } from '../../src/place/sctFavourites.js'
import { earliestStarts, type SctInput, sctGraph } from '../../src/place/sctGraph.js'
import { buildSctProgram } from '../../src/place/sctProgram.js'
import { solveLinearProgram } from '../../src/solve/index.js'
import { type Edge, sctInput, sctInputs } from './sctGraphs.js'

async function relax(input: SctInput) {
  const { program, favouriteColumn, unitSeconds } = buildSctProgram(input)
  const { status, x, objective, dualBound } = await solveLinearProgram(program)
  expect(status).toBe('optimal')
  const share = Float64Array.from(input.edgeFrom, (_, edge) => x[favouriteColumn(edge)]!)
  return {
    seconds: objective * unitSeconds,
    bound: dualBound * unitSeconds,
    share,
    favourites: [...sctFavourites(input, share)],
  }
}

const fork: Edge[] = [
  [0, 1, 4],
  [0, 2, 4],
]

/** Worked out by hand. Edges 0 -> k cost c; half a favour to either child shortens both arms of a fork by c / 2. */
it.each<[string, SctInput, number, number[]]>([
  ['a single op', sctInput([7], []), 7, [-1]],
  [
    'a chain pays nothing',
    sctInput(
      [1, 2, 3],
      [
        [0, 1, 10],
        [1, 2, 10],
      ],
    ),
    6,
    [1, 2, -1],
  ],
  ['a fork with one long arm favours it', sctInput([1, 9, 1], fork), 10, [1, -1, -1]],
  ['a fork with two equal arms splits', sctInput([1, 3, 3], fork), 6, [-1, -1, -1]],
  [
    'a join with two equal arms splits',
    sctInput(
      [3, 3, 1],
      [
        [0, 2, 4],
        [1, 2, 4],
      ],
    ),
    6,
    [-1, -1, -1],
  ],
  [
    'a join with one long arm favours it',
    sctInput(
      [9, 1, 1],
      [
        [0, 2, 4],
        [1, 2, 4],
      ],
    ),
    10,
    [2, -1, -1],
  ],
  [
    'a free edge needs no favour',
    sctInput(
      [1, 5, 5],
      [
        [0, 1, 0],
        [0, 2, 6],
      ],
    ),
    6,
    [2, -1, -1],
  ],
  ['two roots', sctInput([2, 5], []), 5, [-1, -1]],
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
    [-1, -1, -1],
  ],
])('%s', async (_, input, seconds, favourites) => {
  const relaxed = await relax(input)
  expect(relaxed.seconds).toBeCloseTo(seconds, 6)
  expect(relaxed.bound).toBeCloseTo(seconds, 6)
  expect(relaxed.favourites).toEqual(favourites)
})

it('splits a triangle between its chord and its two sides', async () => {
  // Favours y: y01 + y02 <= 1 and y12 + y02 <= 1, so the paths 13 - 5 (y01 + y12) and 7 - 5 y02 meet where 3 + 10 y02 = 7 - 5 y02.
  const triangle: Edge[] = [
    [0, 1, 5],
    [1, 2, 5],
    [0, 2, 5],
  ]
  expect((await relax(sctInput([1, 1, 1], triangle))).seconds).toBeCloseTo(7 - 20 / 15, 6)
})

it('the x of the optimum give its makespan as a longest path, and keep the degree rule', async () => {
  await fc.assert(
    fc.asyncProperty(sctInputs, async (input) => {
      const { seconds, share } = await relax(input)
      const graph = sctGraph(input)
      expect(earliestStarts(input, graph, (edge) => share[edge]!)[input.opCount]!).toBeLessThanOrEqual(seconds + 1e-8)
      for (const ends of [input.edgeFrom, input.edgeTo]) {
        const favour = new Float64Array(input.opCount)
        ends.forEach((op, edge) => {
          favour[op]! += 1 - share[edge]!
        })
        expect(Math.max(...favour)).toBeLessThanOrEqual(1 + 1e-5)
      }
    }),
    { numRuns: 100 },
  )
})

it('rounding never gives two favourites or two parents, at any threshold and for any x', () => {
  const shares = fc.array(fc.constantFrom(0, 0.1, 0.5, 0.5, 1), { minLength: 36, maxLength: 36 })
  fc.assert(
    fc.property(sctInputs, shares, fc.constantFrom(0.1, 0.5, 0.6, 2), (input, x, threshold) => {
      const favourites = sctFavourites(input, x, threshold)
      const chosen = favourites.filter((child) => child >= 0)
      expect(new Set(chosen).size).toBe(chosen.length)
      favourites.forEach((child, op) => {
        const edge = input.edgeFrom.findIndex((from, e) => from === op && input.edgeTo[e] === child)
        if (child >= 0) expect(x[edge]!).toBeLessThan(threshold)
      })
    }),
  )
})

it('rounding keeps the smaller x, ties by tail and head whatever the order of the edges', () => {
  const edges: Edge[] = [
    [1, 3, 1],
    [0, 3, 1],
    [0, 2, 1],
  ]
  expect([...sctFavourites(sctInput([1, 1, 1, 1], edges), [0.2, 0.1, 0.3])]).toEqual([3, -1, -1, -1])
  expect([...sctFavourites(sctInput([1, 1, 1, 1], edges), [0.2, 0.2, 0.2])]).toEqual([2, 3, -1, -1])
  expect([...sctFavourites(sctInput([1, 1, 1, 1], edges.reverse()), [0.2, 0.2, 0.2])]).toEqual([2, 3, -1, -1])
})

it('a cycle is our bug, not an endless loop', () => {
  expect(() =>
    buildSctProgram(
      sctInput(
        [1, 1],
        [
          [0, 1, 1],
          [1, 0, 1],
        ],
      ),
    ),
  ).toThrow('cycle')
})
