import * as fc from 'fast-check'
import { expect, it } from 'vitest'
import { dualBound, highsSolver, verifySolution } from '../../src/solve/index.js'
import { feasiblePrograms, programOf } from './programs.js'

const program = programOf(
  [1, 2],
  [[2, [1, 1], 4]],
  [
    [0, 3],
    [0, 3],
  ],
)
const answerOf = (...x: number[]) => ({ x: Float64Array.from(x), objective: x[0]! + 2 * x[1]! })

it.each([
  ['a row too low', answerOf(1, 0.5), 'row 0'],
  ['a row too high', answerOf(3, 2), 'row 0'],
  ['a column below its box', answerOf(2.5, -0.5), 'column 1'],
  ['a column above its box', answerOf(3.5, 0), 'column 0'],
  ['another objective', { ...answerOf(2, 0), objective: 1.9 }, 'objective'],
  ['not a number', answerOf(Number.NaN, 2), 'column 0'],
  ['an objective that is not a number', { ...answerOf(2, 0), objective: Number.NaN }, 'objective'],
])('rejects %s', (_, answer, where) => {
  expect(verifySolution(program, answer)).toMatchObject({ ok: false, where })
})

it('accepts a feasible point, optimal or not', () => {
  expect(verifySolution(program, answerOf(2, 0))).toEqual({
    ok: true,
    objective: 2,
    worstViolation: 0,
    where: 'nothing',
  })
  expect(verifySolution(program, answerOf(1, 3)).ok).toBe(true)
})

it('rejects an answer of another length', () => {
  expect(verifySolution(program, { x: Float64Array.of(2), objective: 2 }).ok).toBe(false)
})

it('rejects an optimum in which one entry was moved', async () => {
  const solver = highsSolver('simplex')
  await fc.assert(
    fc.asyncProperty(feasiblePrograms, fc.nat(), fc.constantFrom(-1, 1), async (random, pick, sign) => {
      const { x, objective } = await solver.solve(random)
      const column = pick % x.length
      // Out of its box for certain, whatever the rows say.
      x[column] = sign < 0 ? random.columnLower[column]! - 1 : random.columnUpper[column]! + 1
      expect(verifySolution(random, { x, objective }).ok).toBe(false)
    }),
    { numRuns: 50 },
  )
})

it('no multipliers prove more than the optimum', async () => {
  const solver = highsSolver('simplex')
  const multipliers = fc.array(fc.double({ min: -20, max: 20, noNaN: true }), { minLength: 7, maxLength: 7 })
  await fc.assert(
    fc.asyncProperty(feasiblePrograms, multipliers, async (random, y) => {
      const { objective } = await solver.solve(random)
      expect(dualBound(random, Float64Array.from(y.slice(0, random.rows)))).toBeLessThanOrEqual(objective + 1e-6)
    }),
    { numRuns: 100 },
  )
})

it('proves nothing from a reduced cost that points at infinity', () => {
  const open = programOf([1], [[1, [1], Infinity]])
  expect(dualBound(open, Float64Array.of(1))).toBe(1)
  expect(dualBound(open, Float64Array.of(0.5))).toBe(0.5)
  expect(dualBound(open, Float64Array.of(1.5))).toBe(-Infinity)
  // A multiplier at the open side of its row is dropped, not believed.
  expect(dualBound(open, Float64Array.of(-1))).toBe(0)
})
