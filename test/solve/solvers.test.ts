import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import {
  dualBound,
  highsSolver,
  javascriptLpSolver,
  type LinearProgram,
  verifySolution,
} from '../../src/solve/index.js'
import { feasiblePrograms, programOf } from './programs.js'

const solvers = [highsSolver('simplex'), highsSolver('ipm'), javascriptLpSolver]
const free = [-Infinity, Infinity] as const

/** Optima worked out by hand. */
const known: [name: string, program: LinearProgram, objective: number][] = [
  [
    'production: max 3a + 5b',
    programOf(
      [-3, -5],
      [
        [-Infinity, [1, 0], 4],
        [-Infinity, [0, 2], 12],
        [-Infinity, [3, 2], 18],
      ],
    ),
    -36,
  ],
  [
    'covering: min 2a + 3b, a + b >= 4, a + 3b >= 6',
    programOf(
      [2, 3],
      [
        [4, [1, 1], Infinity],
        [6, [1, 3], Infinity],
      ],
    ),
    9,
  ],
  ['an equality and a free column', programOf([1, 1], [[-3, [1, -1], -3]], [free, [2, 8]]), 1],
  [
    'only an upper bound',
    programOf(
      [-1, 1],
      [[-Infinity, [1, -1], 1]],
      [
        [-Infinity, 5],
        [-1, 7],
      ],
    ),
    -1,
  ],
  [
    'a row with two sides',
    programOf(
      [1, -1],
      [[-2, [1, -1], 2]],
      [
        [0, 3],
        [0, 3],
      ],
    ),
    -2,
  ],
  [
    'assignment',
    programOf(
      [4, 1, 2, 3],
      [
        [1, [1, 1, 0, 0], 1],
        [1, [0, 0, 1, 1], 1],
        [1, [1, 0, 1, 0], 1],
        [1, [0, 1, 0, 1], 1],
      ],
    ),
    3,
  ],
  [
    'no rows bind',
    programOf(
      [1, -1],
      [[-Infinity, [1, 1], 100]],
      [
        [2, 3],
        [4, 5],
      ],
    ),
    -3,
  ],
]

describe.each(solvers.map((solver) => [solver.name, solver] as const))('%s', (_, solver) => {
  it.each(known)('%s', async (_name, program, objective) => {
    const answer = await solver.solve(program)
    expect(answer.status).toBe('optimal')
    expect(answer.objective).toBeCloseTo(objective, 6)
    expect(verifySolution(program, answer)).toMatchObject({ ok: true })
    expect(dualBound(program, answer.rowDual!)).toBeCloseTo(objective, 6)
  })

  it('says infeasible', async () => {
    const program = programOf(
      [1, 1],
      [
        [3, [1, 1], Infinity],
        [-Infinity, [1, 1], 2],
      ],
    )
    expect((await solver.solve(program)).status).toBe('infeasible')
  })

  it('says unbounded', async () => {
    expect((await solver.solve(programOf([-1, 0], [[-Infinity, [1, -1], 1]]))).status).toBe('unbounded')
  })
})

it('the solvers agree on random programs, and each proves its optimum', async () => {
  await fc.assert(
    fc.asyncProperty(feasiblePrograms, async (program) => {
      const answers = await Promise.all(solvers.map((solver) => solver.solve(program)))
      for (const answer of answers) {
        expect(answer.status).toBe('optimal')
        expect(verifySolution(program, answer)).toMatchObject({ ok: true })
        expect(answer.objective).toBeCloseTo(answers[0]!.objective, 5)
        expect(dualBound(program, answer.rowDual!)).toBeCloseTo(answer.objective, 5)
      }
    }),
    { numRuns: 200 },
  )
})
