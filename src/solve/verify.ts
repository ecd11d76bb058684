import type { LinearProgram, SolverAnswer } from './types.js'

export interface Verdict {
  readonly ok: boolean
  /** c x, recomputed. */
  readonly objective: number
  readonly worstViolation: number
  /** The row, column or claim that is violated most. */
  readonly where: string
}

/**
 * Is the answer's point feasible, and is its objective what the answer says? Violations are relative to 1 + |bound|.
 * Post: ok only if every row, every bound and the objective hold within the tolerance; a NaN anywhere is a violation.
 */
export function verifySolution(
  program: LinearProgram,
  answer: Pick<SolverAnswer, 'x' | 'objective'>,
  tolerance = 1e-6,
): Verdict {
  const { x } = answer
  let worstViolation = 0
  let where = 'nothing'
  let objective = 0
  const check = (value: number, lower: number, upper: number, name: (index: number) => string, index: number) => {
    const violation = Math.max((lower - value) / scale(lower), (value - upper) / scale(upper))
    if (violation <= worstViolation || Number.isNaN(worstViolation)) return
    worstViolation = violation
    where = name(index)
  }
  if (x.length !== program.columns)
    return {
      ok: false,
      objective: Number.NaN,
      worstViolation: Number.NaN,
      where: `${x.length} values for ${program.columns} columns`,
    }
  for (let j = 0; j < program.columns; j++) {
    check(x[j]!, program.columnLower[j]!, program.columnUpper[j]!, columnName, j)
    objective += program.cost[j]! * x[j]!
  }
  for (let i = 0; i < program.rows; i++) {
    let activity = 0
    for (let k = program.rowStart[i]!; k < program.rowStart[i + 1]!; k++)
      activity += program.coefficient[k]! * x[program.columnIndex[k]!]!
    check(activity, program.rowLower[i]!, program.rowUpper[i]!, rowName, i)
  }
  check(answer.objective, objective, objective, () => 'objective', 0)
  return { ok: worstViolation <= tolerance, objective, worstViolation, where }
}

const columnName = (index: number) => `column ${index}`
const rowName = (index: number) => `row ${index}`
const scale = (bound: number) => (Number.isFinite(bound) ? 1 + Math.abs(bound) : 1)
