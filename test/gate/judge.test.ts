import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import type { Budgets, PredictedPlan } from '../../src/gate/index.js'
import { judge } from '../../src/gate/judge.js'
import { graphPlan, runPlan } from './plans.js'

const statuses = (budgets: Budgets, head: PredictedPlan, base?: PredictedPlan) =>
  judge(budgets, head, base).map(({ status }) => status)
const seconds = (value: number) => ({ value, unit: 'seconds' as const })
const share = (value: number) => ({ value, unit: 'share' as const })

/** What is asked, of which plan, and the verdict. */
const bounds: [what: string, budgets: Budgets, head: PredictedPlan, status: string][] = [
  ['a step below its limit', { stepTime: ['error', { max: seconds(1) }] }, graphPlan(), 'held'],
  ['a step above its limit', { stepTime: ['error', { max: seconds(0.99) }] }, graphPlan(), 'broken'],
  ['headroom as a share of the fullest device', { headroom: ['error', { min: share(0.4) }] }, graphPlan(), 'held'],
  ['too little headroom', { headroom: ['error', { min: share(0.41) }] }, graphPlan(), 'broken'],
  ['headroom in bytes', { headroom: ['error', { min: { value: 41, unit: 'bytes' } }] }, graphPlan(), 'broken'],
  ['exposed communication in seconds', { exposedCommunication: ['error', { max: seconds(0.1) }] }, graphPlan(), 'held'],
  [
    'exposed communication of the step',
    { exposedCommunication: ['error', { max: share(0.09) }] },
    graphPlan(),
    'broken',
  ],
  ['what is not modelled', { unmodelled: ['error', { max: share(0.005) }] }, graphPlan(), 'broken'],
  ['a bubble that the plan does not say', { bubble: ['error', { max: share(1) }] }, graphPlan(), 'unknown'],
  ['MFU that the plan does not say', { mfu: ['error', { min: share(0) }] }, graphPlan(), 'unknown'],
  ['a price that the plan does not say', { price: ['error', { max: 1e9 }] }, runPlan(), 'unknown'],
  ['the share of a bubble', { bubble: ['error', { max: share(0.1) }] }, runPlan(), 'held'],
  ['too low MFU', { mfu: ['error', { min: share(0.41) }] }, runPlan(), 'broken'],
  ['a price', { price: ['error', { max: 2 }] }, runPlan({ price: 2.5 }), 'broken'],
]

describe('absolute limits', () => {
  test.each(bounds)('%s', (_, budgets, head, status) => {
    expect(statuses(budgets, head)).toEqual([status])
  })

  test('the tightest device is told', () => {
    const [verdict] = judge({ headroom: ['error', { min: share(0.9) }] }, graphPlan({ peakBytes: [70, 20] }), undefined)
    expect(verdict).toMatchObject({ place: 'device 0', head: { value: expect.closeTo(0.3, 12), unit: 'share' } })
  })

  test('off is off, in either writing', () => {
    expect(statuses({ stepTime: 'off', headroom: ['off', { min: share(1) }] }, graphPlan())).toEqual([])
  })
})

describe('changes', () => {
  const change = (head: number, limits: { percent?: number; seconds?: number }) =>
    statuses({ stepTime: ['error', { maxIncrease: limits }] }, graphPlan({ stepSeconds: head }), graphPlan())[0]

  test('break only above both the percentage and the floor', () => {
    expect(change(1.04, { percent: 3 })).toBe('broken')
    expect(change(1.02, { percent: 3 })).toBe('held')
    expect(change(1.04, { percent: 3, seconds: 0.05 })).toBe('held')
    expect(change(1.06, { percent: 3, seconds: 0.05 })).toBe('broken')
    expect(change(1.06, { percent: 10, seconds: 0.05 })).toBe('held')
    expect(change(0.5, { percent: 0 })).toBe('held')
  })

  test('of exactly the limit is held, whatever doubles make of it', () => {
    fc.assert(
      fc.property(
        fc.double({ min: 1e-9, max: 1e6, noNaN: true }),
        fc.integer({ min: 0, max: 100 }),
        (base, percent) => {
          const head = base * (1 + percent / 100)
          const budgets: Budgets = { stepTime: ['error', { maxIncrease: { percent } }] }
          return statuses(budgets, graphPlan({ stepSeconds: head }), graphPlan({ stepSeconds: base }))[0] === 'held'
        },
      ),
    )
  })

  test('of headroom and MFU are decreases, in points', () => {
    const less = (points: number): Budgets => ({ headroom: ['error', { maxDecrease: { points } }] })
    const [before, after] = [graphPlan({ peakBytes: [60] }), graphPlan({ peakBytes: [65] })]
    expect(statuses(less(4), after, before)).toEqual(['broken'])
    expect(statuses(less(5), after, before)).toEqual(['held'])
    expect(statuses(less(0), before, after)).toEqual(['held'])
    const mfu: Budgets = { mfu: ['error', { maxDecrease: { percent: 10 } }] }
    expect(statuses(mfu, runPlan({ mfu: 0.35 }), runPlan())).toEqual(['broken'])
  })

  test('from nothing to something break, from nothing to nothing hold', () => {
    const budgets: Budgets = { exposedCommunication: ['error', { maxIncrease: { percent: 50 } }] }
    const at = (exposedCommunication: number) => graphPlan({ exposedCommunication })
    expect(statuses(budgets, at(0.1), at(0))).toEqual(['broken'])
    expect(statuses(budgets, at(0), at(0))).toEqual(['held'])
  })

  test('without a base are skipped; of another currency, or of a base that does not say, not known', () => {
    const price: Budgets = { price: ['error', { maxIncrease: { percent: 1 } }] }
    expect(statuses(price, runPlan({ price: 1 }))).toEqual(['skipped'])
    expect(statuses(price, runPlan({ price: 1 }), runPlan({ price: 1, currency: 'USD' }))).toEqual(['unknown'])
    expect(statuses(price, runPlan({ price: 1 }), runPlan())).toEqual(['unknown'])
    expect(statuses({ bubble: ['error', { maxIncrease: { percent: 1 } }] }, runPlan(), graphPlan())).toEqual([
      'unknown',
    ])
  })
})
