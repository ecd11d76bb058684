import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import type { TrainingRun } from '../../src/model/index.js'
import { search } from '../../src/parallel/index.js'

/** Runs are told apart by their microbatch; what is known of them stands in tables. */
const runOf = (k: number) => ({ recipe: { microbatch: k } }) as TrainingRun
const at = (run: TrainingRun) => run.recipe.microbatch

function find(
  steps: readonly number[],
  slack: readonly number[],
  bytes: readonly number[],
  limitBytes: number,
  top = 1,
) {
  return search(
    steps.map((_, k) => runOf(k)),
    {
      outlook: (run) => ({ boundSeconds: () => steps[at(run)] - slack[at(run)], peakBytes: bytes[at(run)] }),
      predict: (run) => ({ stepSeconds: steps[at(run)], peakBytes: bytes[at(run)] }),
    },
    { limitBytes, top },
  )
}

describe('a search', () => {
  test('finds the best of what fits, whatever the bounds, and plays no run whose bound is above it', () => {
    const row = fc.record({ step: fc.integer({ min: 1, max: 50 }), slack: fc.nat(10), bytes: fc.nat(20) })
    fc.assert(
      fc.property(
        fc.array(row, { minLength: 1, maxLength: 40 }),
        fc.nat(20),
        fc.integer({ min: 1, max: 5 }),
        (rows, limit, top) => {
          const [steps, slack, bytes] = [
            rows.map((r) => r.step),
            rows.map((r) => Math.min(r.slack, r.step)),
            rows.map((r) => r.bytes),
          ]
          const found = find(steps, slack, bytes, limit, top)
          const expected = rows
            .flatMap(({ step, bytes: held }, k) => (held <= limit ? [{ step, k }] : []))
            .sort((a, b) => a.step - b.step || a.k - b.k)
          expect(found.best.map(({ prediction }) => prediction.stepSeconds)).toEqual(
            expected.slice(0, top).map(({ step }) => step),
          )
          expect(found.overMemory).toBe(rows.length - expected.length)
          const worst = found.best.at(-1)?.prediction.stepSeconds ?? 0
          const worth = expected.filter(({ k }) => steps[k] - slack[k] <= worst).length
          expect(found.played).toBeLessThanOrEqual(Math.max(worth, found.best.length))
        },
      ),
    )
  })

  test('without any that fits names the one that needs least', () => {
    const { best, nearest } = find([3, 2, 1], [0, 0, 0], [30, 20, 25], 10)
    expect(best).toEqual([])
    expect(at(nearest!.run)).toBe(1)
  })

  test('says which better one would fit in half as much memory again', () => {
    const { kept } = find([9, 2, 1], [0, 0, 0], [10, 15, 16], 10)
    expect(at(kept!.run)).toBe(1)
    expect(find([1, 2], [0, 0], [10, 15], 10).kept).toBeUndefined()
  })
})
