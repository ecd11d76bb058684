import type { LinearProgram } from './types.js'

/**
 * A value that no feasible point undercuts, from any row multipliers y, however wrong they are:
 * c x = (c - y A) x + y (A x) >= sum over columns of the least reduced cost * x in its box + sum over rows of the least y * activity.
 * A multiplier that points at an infinite row bound is dropped. A reduced cost that points at an infinite column bound proves
 * nothing (-Infinity) unless it is rounding dust, so a program meant to be certified gives every column a finite box.
 * Source: weak duality of linear programs with bounds (Neumaier and Shcherbina 2004 use it to make approximate duals safe).
 */
export function dualBound(program: LinearProgram, rowDual: Float64Array): number {
  const reduced = Float64Array.from(program.cost)
  const magnitude = program.cost.map(Math.abs)
  let bound = 0
  for (let i = 0; i < program.rows; i++) {
    const y = rowDual[i]!
    const side = y > 0 ? program.rowLower[i]! : program.rowUpper[i]!
    if (y === 0 || !Number.isFinite(side)) continue
    bound += y * side
    for (let k = program.rowStart[i]!; k < program.rowStart[i + 1]!; k++) {
      const j = program.columnIndex[k]!
      const term = y * program.coefficient[k]!
      reduced[j]! -= term
      magnitude[j]! += Math.abs(term)
    }
  }
  for (let j = 0; j < program.columns; j++) {
    const side = reduced[j]! > 0 ? program.columnLower[j]! : program.columnUpper[j]!
    if (Number.isFinite(side)) bound += reduced[j]! * side
    else if (Math.abs(reduced[j]!) > dust * magnitude[j]!) return Number.NEGATIVE_INFINITY
  }
  return Number.isNaN(bound) ? Number.NEGATIVE_INFINITY : bound
}

/** Relative rounding error of a sum of a few thousand doubles, with room. */
const dust = 1e-12
