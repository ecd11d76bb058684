import { expect, it } from 'vitest'
import { firstRight } from '../../src/solve/firstRight.js'
import {
  highsSolver,
  javascriptLpSolver,
  type LpSolver,
  type SolverAnswer,
  solveLinearProgram,
} from '../../src/solve/index.js'
import { programOf } from './programs.js'

const program = programOf(
  [2, 3],
  [
    [4, [1, 1], Infinity],
    [6, [1, 3], Infinity],
  ],
)

function liar(change: Partial<SolverAnswer>): LpSolver {
  return {
    name: 'liar',
    solve: async () => ({ ...(await highsSolver('simplex').solve(program)), solver: 'liar', ...change }),
  }
}

it.each(['auto', 'highs', 'javascript-lp-solver'] as const)('solves and proves with %s', async (solver) => {
  const solution = await solveLinearProgram(program, { solver })
  expect(solution).toMatchObject({ status: 'optimal' })
  expect(solution.objective).toBeCloseTo(9, 6)
  expect(solution.dualBound).toBeCloseTo(9, 6)
  expect([...solution.x]).toEqual([expect.closeTo(3, 6), expect.closeTo(1, 6)])
})

it('takes javascript-lp-solver for a tiny program and HiGHS beyond', async () => {
  expect((await solveLinearProgram(program)).solver).toBe('javascript-lp-solver')
  const wide = programOf(Array(300).fill(1), [[1, Array(300).fill(1), Infinity]])
  expect((await solveLinearProgram(wide)).solver).toBe('highs-simplex')
  await expect(solveLinearProgram(wide, { solver: 'javascript-lp-solver' })).rejects.toMatchObject({ code: 'E100' })
})

it.each([
  ['an infeasible point', { x: Float64Array.of(3, 0.9), objective: 8.7 }],
  ['a wrong objective', { objective: 8 }],
  ['a feasible point that is not the best', { x: Float64Array.of(6, 0), objective: 12 }],
  ['no proof', { rowDual: Float64Array.of(0, 0) }],
  ['infeasible, wrongly', { status: 'infeasible' as const }],
])('falls through when a solver gives %s', async (_, change) => {
  const solution = await firstRight(program, [liar(change), javascriptLpSolver])
  expect(solution).toMatchObject({ status: 'optimal', solver: 'javascript-lp-solver' })
})

it('fails with E701 when nobody is right', async () => {
  const failing = firstRight(program, [liar({ objective: 1 })])
  await expect(failing).rejects.toMatchObject({
    code: 'E701',
    problems: [{ found: expect.stringContaining('liar: objective') }],
  })
})

it('calls a feasible point without proof stopped, never optimal', async () => {
  const solution = await firstRight(program, [liar({ x: Float64Array.of(6, 0), objective: 12 })])
  expect(solution).toMatchObject({ status: 'stopped', objective: 12 })
  expect(solution.dualBound).toBeCloseTo(9, 6)
})

it('reports infeasible and unbounded', async () => {
  expect((await solveLinearProgram(programOf([1], [[3, [1], 2]]))).status).toBe('infeasible')
  expect((await solveLinearProgram(programOf([-1], [[0, [1], Infinity]]))).status).toBe('unbounded')
})

it('gives the same answer twice, to the bit', async () => {
  const [first, second] = [
    await solveLinearProgram(program, { solver: 'highs' }),
    await solveLinearProgram(program, { solver: 'highs' }),
  ]
  expect(second).toEqual(first)
})
