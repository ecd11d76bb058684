import { describe, expect, test } from 'vitest'
import { budgetsOf, type GateReport, gateReport, type PlanSides } from '../../src/gate/index.js'
import { graphPlan, runPlan } from './plans.js'

const budgets = { stepTime: ['error', { maxIncrease: { percent: 3 } }] } as const
const problem = { code: 'E301', message: 'no plan fits in memory' } as const
const slow = graphPlan({ stepSeconds: 1.1, model: 'other' })
const base = graphPlan()
const infeasible = { problems: [problem], isInfeasible: true }
const unreadable = { problems: [{ ...problem, code: 'E109' as const }], isInfeasible: false }

const report = (...plans: Partial<PlanSides>[]): GateReport =>
  gateReport({
    tool: 'stowage 0.1.0',
    plans: plans.map((plan, i) => ({ name: `p${i}`, budgets, head: base, isRepredicted: true, ...plan })),
    removed: [],
    notes: [],
  })

/** Both sides, then what comes out. */
const cases: [what: string, sides: Partial<PlanSides>, status: string, exitCode: number][] = [
  ['the same plan', { base }, 'ok', 0],
  ['a slower plan', { head: slow, base }, 'fail', 1],
  [
    'a slower plan at level warn',
    { head: slow, base, budgets: { stepTime: ['warn', { maxIncrease: { percent: 3 } }] } },
    'warn',
    0,
  ],
  [
    'a figure that is not known',
    { head: base, budgets: { mfu: ['error', { min: { value: 0, unit: 'share' } }] } },
    'fail',
    1,
  ],
  ['a new plan', { head: slow }, 'ok', 0],
  ['no plan', { head: infeasible, base }, 'infeasible', 3],
  ['a plan that does not fit', { head: graphPlan({ fits: false }) }, 'infeasible', 3],
  ['no plan in the base', { head: slow, base: infeasible }, 'ok', 0],
  ['a base that cannot be read', { head: slow, base: unreadable }, 'incomparable', 4],
  ['another kind of plan', { head: runPlan(), base }, 'incomparable', 4],
]

describe('the report', () => {
  test.each(cases)('%s', (_, sides, status, exitCode) => {
    expect(report(sides)).toMatchObject({ status, exitCode, plans: [{ status }] })
  })

  test('is as bad as its worst plan, whatever the order', () => {
    const plans = cases.map(([, sides]) => sides)
    expect(report(...plans).exitCode).toBe(4)
    expect(report(...[...plans].reverse()).exitCode).toBe(4)
    expect(report({ head: infeasible }, { head: slow, base }).exitCode).toBe(3)
  })

  test('names the input that changed', () => {
    const [plan] = report({ head: slow, base }).plans
    expect(plan.diff?.why.inputs.map(({ input }) => input)).toEqual(['model'])
  })

  test('refuses a written base of other cost data or another tool, and says how to compare', () => {
    const { plan, limitBytes } = graphPlan()
    const { tool, inputs } = plan.provenance
    const calibration = { name: 'data sheets', sha256: 'other' }
    const others = [
      { tool, inputs: { ...inputs, calibration } },
      { tool: 'stowage 0.0.9', inputs },
    ]
    for (const provenance of others) {
      const written = { plan: { ...plan, provenance } as typeof plan, limitBytes }
      const refused = report({ base: written, isRepredicted: false })
      expect(refused).toMatchObject({
        exitCode: 4,
        plans: [{ problems: [{ code: 'E402', fix: expect.stringContaining('git:REF') }] }],
      })
      // Predicted anew, other data sheets follow from another cluster.
      expect(report({ base: written, isRepredicted: true }).exitCode).toBe(0)
    }
  })
})

test('a plan takes the budgets for all where it has none of its own', () => {
  const all = { '*': { stepTime: 'off', headroom: 'off' }, p: { ...budgets, mfu: undefined } } as const
  expect(budgetsOf('p', all)).toEqual({ ...budgets, headroom: 'off' })
  expect(budgetsOf('toString', all)).toEqual(all['*'])
})
