import type { LinearProgram, LpSolver, SolverAnswer } from './types.js'

/**
 * npm `javascript-lp-solver` (Unlicense): a dense tableau, so for tiny programs only, where it answers before HiGHS has
 * compiled. Never given integers: on a timeout it calls fractional points feasible.
 */
export const javascriptLpSolver: LpSolver = {
  name: 'javascript-lp-solver',
  solve: async (program) => {
    const { default: library } = await import('javascript-lp-solver')
    const model = new (library as unknown as { Model: new (precision: number) => Model }).Model(1e-9)
    // Its presolve zeroes the cost of a variable it believes fixed.
    model.usePresolve = false
    const columns = addColumns(model, program)
    const rows = addRows(model, program, columns)
    return solveWithin(model, mostPivots(program)) ? answer(model, program, columns, rows) : gaveUp(program)
  },
}

/** Several times what tiny programs need: on degenerate ones its first phase can go round in circles, and HiGHS is at hand. */
function mostPivots({ rows, columns }: LinearProgram): number {
  return 6 * (rows + columns) + 200
}

/** Solves; false when it took too many pivots. */
function solveWithin(model: Model, most: number): boolean {
  const { tableau } = model
  const pivot = tableau.pivot.bind(tableau)
  const stop = new Error('too many pivots')
  let pivots = 0
  tableau.pivot = (row, column) => {
    if (++pivots > most) throw stop
    pivot(row, column)
  }
  try {
    model.solve()
    return true
  } catch (error) {
    if (error !== stop) throw error
    return false
  }
}

/** No point at all: the next solver is asked. */
function gaveUp({ columns }: LinearProgram): SolverAnswer {
  const x = new Float64Array(columns).fill(Number.NaN)
  return { status: 'stopped', objective: Number.NaN, x, solver: 'javascript-lp-solver' }
}

/** The part of the package that its declarations leave out of `SolverAPI`. */
interface Model {
  usePresolve: boolean
  readonly tableau: {
    readonly feasible: boolean
    readonly bounded: boolean
    readonly matrix: Float64Array
    readonly width: number
    readonly rowByVarIndex: readonly number[]
    readonly colByVarIndex: readonly number[]
    pivot: (row: number, column: number) => void
  }
  addVariable(cost: number): Variable
  smallerThan(bound: number): Constraint
  greaterThan(bound: number): Constraint
  solve(): unknown
}
interface Variable {
  readonly index: number
}
interface Constraint {
  readonly slack: Variable
  addTerm(coefficient: number, variable: Variable): Constraint
}

/** x = offset + sum of sign * part: the library's own variables are all >= 0, and its unrestricted ones are not trusted. */
interface Column {
  readonly offset: number
  readonly parts: readonly (readonly [sign: number, variable: Variable])[]
}

function addColumns(model: Model, program: LinearProgram): Column[] {
  return Array.from({ length: program.columns }, (_, j) => {
    const [lower, upper, cost] = [program.columnLower[j]!, program.columnUpper[j]!, program.cost[j]!]
    if (lower > Number.NEGATIVE_INFINITY) {
      const variable = model.addVariable(cost)
      if (upper < Number.POSITIVE_INFINITY) model.smallerThan(upper - lower).addTerm(1, variable)
      return { offset: lower, parts: [[1, variable]] }
    }
    if (upper < Number.POSITIVE_INFINITY) return { offset: upper, parts: [[-1, model.addVariable(-cost)]] }
    return { offset: 0, parts: [[1, model.addVariable(cost)] as const, [-1, model.addVariable(-cost)] as const] }
  })
}

/** Per row its constraints, with the sign that turns the tableau's entry into the row's multiplier. */
function addRows(model: Model, program: LinearProgram, columns: readonly Column[]): [sign: number, Constraint][][] {
  return Array.from({ length: program.rows }, (_, i) => {
    const entries: [number, Variable][] = []
    let shift = 0
    for (let k = program.rowStart[i]!; k < program.rowStart[i + 1]!; k++) {
      const { offset, parts } = columns[program.columnIndex[k]!]!
      const coefficient = program.coefficient[k]!
      shift += coefficient * offset
      for (const [sign, variable] of parts) entries.push([sign * coefficient, variable])
    }
    const constraints: [number, Constraint][] = []
    if (program.rowUpper[i]! < Number.POSITIVE_INFINITY)
      constraints.push([1, model.smallerThan(program.rowUpper[i]! - shift)])
    if (program.rowLower[i]! > Number.NEGATIVE_INFINITY)
      constraints.push([-1, model.greaterThan(program.rowLower[i]! - shift)])
    for (const [, constraint] of constraints)
      for (const [coefficient, variable] of entries) constraint.addTerm(coefficient, variable)
    return constraints
  })
}

/** Read from the tableau itself: the library's own figures are rounded to its precision. */
function answer(
  model: Model,
  program: LinearProgram,
  columns: readonly Column[],
  rows: readonly [number, Constraint][][],
): SolverAnswer {
  const { feasible, bounded, matrix, width, rowByVarIndex, colByVarIndex } = model.tableau
  const value = ({ index }: Variable) => (rowByVarIndex[index]! < 0 ? 0 : matrix[rowByVarIndex[index]! * width]!)
  const multiplier = ({ slack }: Constraint) =>
    colByVarIndex[slack.index]! < 0 ? 0 : matrix[colByVarIndex[slack.index]!]!
  const x = Float64Array.from(columns, ({ offset, parts }) =>
    parts.reduce((sum, [sign, part]) => sum + sign * value(part), offset),
  )
  const rowDual = Float64Array.from(rows, (row) =>
    row.reduce((sum, [sign, constraint]) => sum + sign * multiplier(constraint), 0),
  )
  const objective = x.reduce((sum, xj, j) => sum + program.cost[j]! * xj, 0)
  const status = !feasible ? 'infeasible' : bounded ? 'optimal' : 'unbounded'
  return { status, objective, x, rowDual, solver: 'javascript-lp-solver' }
}
