import { type LpSolverChoice, solveLinearProgram } from '../solve/index.js'
import { sctFavourites } from './sctFavourites.js'
import { sctFirstOrder } from './sctFirstOrder.js'
import type { SctInput } from './sctGraph.js'
import { buildSctProgram } from './sctProgram.js'

export type SctSolver = LpSolverChoice | 'first-order'

export interface SctRelaxation {
  /** Per op its favourite child, or -1. */
  readonly favourites: Int32Array
  /** The linear program's value at the x that were rounded, and what no x goes below. Bounds the makespan only where no transfer is longer than an op. */
  readonly makespanSeconds: number
  readonly boundSeconds: number
  readonly solver: string
}

/** Solves m-SCT's relaxation, with a linear-program solver up to some thousand ops and by `sctFirstOrder` beyond, and rounds it. */
export async function sctRelaxation(
  input: SctInput,
  solver: SctSolver = 'auto',
  threshold = 0.5,
): Promise<SctRelaxation> {
  const relaxed = await relax(input, solver === 'auto' && input.opCount > exactOps ? 'first-order' : solver)
  return { ...relaxed, favourites: sctFavourites(input, relaxed.x, threshold) }
}

/** HiGHS takes 0.2-1.2 s CPU at 1,000 ops and 0.5-3 s at 5,000, the first-order method 0.1 and 0.15-0.5 s (bench/sct-lp.mjs). */
const exactOps = 2_000

async function relax(
  input: SctInput,
  solver: SctSolver,
): Promise<Omit<SctRelaxation, 'favourites'> & { readonly x: Float64Array }> {
  if (solver !== 'first-order') {
    const { program, favouriteColumn, unitSeconds } = buildSctProgram(input)
    const solution = await solveLinearProgram(program, { solver })
    if (solution.status === 'optimal') {
      return {
        x: Float64Array.from(input.edgeFrom, (_, edge) => solution.x[favouriteColumn(edge)]!),
        makespanSeconds: solution.objective * unitSeconds,
        boundSeconds: solution.dualBound * unitSeconds,
        solver: solution.solver,
      }
    }
    // The program always has an optimum, so the solver gave up; the first-order method always ends with a proved gap.
  }
  return { ...sctFirstOrder(input), solver: 'first-order' }
}
