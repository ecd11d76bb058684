import { fail } from '../errors/index.js'
import { dualBound } from './dualBound.js'
import type { LinearProgram, LpSolution, LpSolver, SolverAnswer } from './types.js'
import { verifySolution } from './verify.js'

/**
 * Asks the solvers in turn and believes nobody: each point is checked against the program, and its optimality against our own
 * dual bound. A wrong answer, or one without proof, falls through to the next solver.
 * Post: `optimal` and `stopped` solutions are feasible within the tolerance; `optimal` ones also lie that near to `dualBound`.
 * `infeasible` and `unbounded` are what the last solver said when none had a point; a point in hand refutes them.
 */
export async function firstRight(program: LinearProgram, solvers: readonly LpSolver[]): Promise<LpSolution> {
  let best: LpSolution | undefined
  let claim: SolverAnswer | undefined
  const complaints: string[] = []
  for (const solver of solvers) {
    const answer = await solver.solve(program)
    if (answer.status === 'infeasible' || answer.status === 'unbounded') {
      claim = answer
      continue
    }
    const { ok, objective, worstViolation, where } = verifySolution(program, answer, tolerance)
    const bound = answer.rowDual ? dualBound(program, answer.rowDual) : Number.NEGATIVE_INFINITY
    const proved = Math.abs(objective - bound) <= tolerance * (1 + Math.abs(objective))
    if (!ok) complaints.push(`${solver.name}: ${where} is off by ${worstViolation}`)
    else if (proved) return { ...answer, objective, dualBound: bound, status: 'optimal' }
    else if (!best || objective < best.objective) best = { ...answer, objective, dualBound: bound, status: 'stopped' }
  }
  if (best) return best
  if (claim) return { ...claim, dualBound: Number.NEGATIVE_INFINITY }
  return fail('E701', 'no solver gave a point that satisfies the linear program', { found: complaints.join('; ') })
}

/** The solvers' own feasibility tolerance is 1e-7; this leaves room for their scaling. */
const tolerance = 1e-6
