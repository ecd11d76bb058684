import * as fc from 'fast-check'
import type { LinearProgram } from '../../src/solve/index.js'

export type Row = readonly [lower: number, coefficients: readonly number[], upper: number]

/** A program from dense rows; columns are >= 0 unless boxes say otherwise. */
export function programOf(
  cost: readonly number[],
  rows: readonly Row[],
  boxes?: readonly (readonly [number, number])[],
): LinearProgram {
  const entries = rows.map(([, row]) => row.flatMap((value, column) => (value === 0 ? [] : [[column, value] as const])))
  const starts = [0]
  for (const row of entries) starts.push(starts.at(-1)! + row.length)
  return {
    columns: cost.length,
    rows: rows.length,
    cost: Float64Array.from(cost),
    columnLower: Float64Array.from(cost, (_, j) => boxes?.[j]?.[0] ?? 0),
    columnUpper: Float64Array.from(cost, (_, j) => boxes?.[j]?.[1] ?? Infinity),
    rowLower: Float64Array.from(rows, ([lower]) => lower),
    rowUpper: Float64Array.from(rows, ([, , upper]) => upper),
    rowStart: Int32Array.from(starts),
    columnIndex: Int32Array.from(entries.flat(), ([column]) => column),
    coefficient: Float64Array.from(entries.flat(), ([, value]) => value),
  }
}

const small = fc.integer({ min: -9, max: 9 })

/** Feasible by construction: the row bounds are drawn around the activities of a point inside the boxes. */
export const feasiblePrograms = fc
  .tuple(fc.integer({ min: 1, max: 7 }), fc.integer({ min: 1, max: 7 }))
  .chain(([columns, rows]) =>
    fc
      .record({
        cost: fc.array(small, { minLength: columns, maxLength: columns }),
        point: fc.array(small, { minLength: columns, maxLength: columns }),
        below: fc.array(fc.nat(6), { minLength: columns, maxLength: columns }),
        above: fc.array(fc.nat(6), { minLength: columns, maxLength: columns }),
        matrix: fc.array(fc.array(small, { minLength: columns, maxLength: columns }), {
          minLength: rows,
          maxLength: rows,
        }),
        slack: fc.array(fc.tuple(fc.option(fc.nat(9)), fc.option(fc.nat(9))), { minLength: rows, maxLength: rows }),
      })
      .map(({ cost, point, below, above, matrix, slack }) =>
        programOf(
          cost,
          matrix.map((row, i): Row => {
            const activity = row.reduce((sum, value, j) => sum + value * point[j]!, 0)
            const [down, up] = slack[i]!
            return [down === null ? -Infinity : activity - down, row, up === null ? Infinity : activity + up]
          }),
          point.map((value, j) => [value - below[j]!, value + above[j]!] as const),
        ),
      ),
  )
