/**
 * min c x  subject to  rowLower <= A x <= rowUpper,  columnLower <= x <= columnUpper.  A in compressed rows.
 * Infinite bounds are +-Infinity.
 */
export interface LinearProgram {
  readonly columns: number
  readonly rows: number
  readonly cost: Float64Array
  readonly columnLower: Float64Array
  readonly columnUpper: Float64Array
  readonly rowLower: Float64Array
  readonly rowUpper: Float64Array
  /** rows + 1 entries. */
  readonly rowStart: Int32Array
  readonly columnIndex: Int32Array
  readonly coefficient: Float64Array
}

export type SolveStatus = 'optimal' | 'infeasible' | 'unbounded' | 'stopped'

/** What a solver claims. Nothing of it is believed before `solveLinearProgram` has checked it. */
export interface SolverAnswer {
  readonly status: SolveStatus
  readonly objective: number
  /** One entry per column; meaningful when optimal, the best known point when stopped. */
  readonly x: Float64Array
  /** One multiplier per row, so that cost - rowDual A are the reduced costs; absent when the solver has none. */
  readonly rowDual?: Float64Array
  readonly solver: string
}

/** A checked answer. */
export interface LpSolution extends SolverAnswer {
  /** No feasible point costs less: computed by us from the row duals, -Infinity where they prove nothing. */
  readonly dualBound: number
}

export interface LpSolver {
  readonly name: string
  solve(program: LinearProgram): Promise<SolverAnswer>
}
