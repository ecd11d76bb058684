import type { Highs, Model } from 'highs'
import type { LinearProgram, LpSolver, SolverAnswer, SolveStatus } from './types.js'

export type HighsAlgorithm = 'simplex' | 'ipm'

/**
 * HiGHS in WebAssembly (npm `highs` 1.15, MIT). Calls block until solved. Work is limited by counted iterations, never by
 * the clock, so that the same program gives the same answer on any machine.
 */
export function highsSolver(algorithm: HighsAlgorithm): LpSolver {
  const name = `highs-${algorithm}`
  return {
    name,
    solve: async (program) =>
      (await load()).withModel(modelData(program), (model) => run(model, program, name, algorithm)),
  }
}

/**
 * Simplex needs 0.3-0.5 iterations per row and column on m-SCT's programs that suit it; on those that do not it would run for
 * many minutes (20,000 ops with dear transfers), so it stops at ten times as many. Interior point needs 20-40 iterations at any size.
 */
const iterationLimits = ({ rows, columns }: LinearProgram) => ({
  simplex_iteration_limit: 10_000 + 4 * (rows + columns),
  ipm_iteration_limit: 300,
})

/** `constants.modelStatus` of the package; everything else means that it stopped without an answer. */
const statuses: Record<number, SolveStatus> = { 7: 'optimal', 8: 'infeasible', 9: 'infeasible', 10: 'unbounded' }

let loaded: Promise<Highs> | undefined

/** Compiling the WebAssembly costs 100-150 ms: once, and only when a program is to be solved. */
function load(): Promise<Highs> {
  // The package declares a CommonJS namespace where its ES module exports the loader itself.
  loaded ??= import('highs').then((module) => (module.default as unknown as typeof module.default.default)())
  return loaded
}

function modelData(program: LinearProgram) {
  return {
    numCols: program.columns,
    numRows: program.rows,
    colCost: program.cost,
    colLower: program.columnLower,
    colUpper: program.columnUpper,
    rowLower: program.rowLower,
    rowUpper: program.rowUpper,
    matrix: {
      format: 'csr' as const,
      numRows: program.rows,
      numCols: program.columns,
      starts: program.rowStart,
      indices: program.columnIndex,
      values: program.coefficient,
    },
  }
}

function run(model: Model, program: LinearProgram, solver: string, algorithm: HighsAlgorithm): SolverAnswer {
  model.options.set({ output_flag: false, solver: algorithm, ...iterationLimits(program) })
  let code: number = model.run().modelStatus
  if (code === 9) {
    // Presolve could not tell infeasible from unbounded; simplex without it can.
    model.options.set({ presolve: 'off', solver: 'simplex' })
    code = model.run().modelStatus
  }
  const { colValue, rowDual } = model.getSolution()
  return { status: statuses[code] ?? 'stopped', objective: model.getObjectiveValue(), x: colValue, rowDual, solver }
}
