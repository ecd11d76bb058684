import { fail } from '../errors/index.js'
import { firstRight } from './firstRight.js'
import { highsSolver } from './highs.js'
import { javascriptLpSolver } from './javascriptLpSolver.js'
import type { LinearProgram, LpSolution, LpSolver } from './types.js'

export type LpSolverChoice = 'auto' | 'highs' | 'javascript-lp-solver'

/** Solves a linear program with the solver that its size asks for, or the pinned one; every answer is checked (`firstRight`). */
export async function solveLinearProgram(
  program: LinearProgram,
  options: { readonly solver?: LpSolverChoice } = {},
): Promise<LpSolution> {
  return firstRight(program, solversFor(program, options.solver ?? 'auto'))
}

/** The tableau is dense and beyond this HiGHS is faster, compilation included (bench/sct-lp.mjs). */
const tinyRows = 200

/** Below, simplex takes a sixth to three times what interior point takes; above, minutes where that takes seconds (bench/sct-lp.mjs). */
const simplexRows = 20_000

function solversFor(program: LinearProgram, choice: LpSolverChoice): LpSolver[] {
  const tiny = program.rows <= tinyRows && program.columns <= tinyRows
  const highs = [highsSolver('simplex'), highsSolver('ipm')]
  if (program.rows > simplexRows) highs.reverse()
  if (choice === 'highs') return highs
  if (choice === 'auto') return tiny ? [javascriptLpSolver, ...highs] : highs
  if (tiny) return [javascriptLpSolver]
  return fail('E100', 'this linear program is too large for javascript-lp-solver', {
    expected: `at most ${tinyRows} rows and columns`,
    found: `${program.rows} rows, ${program.columns} columns`,
    fix: 'use the solver highs or auto',
  })
}
