import { describe, expect, test } from 'vitest'
import { UserError } from '../../src/errors/index.js'
import { diffSchema } from '../../src/formats/diff.js'
import { canonicalJson, type Plan } from '../../src/plan/index.js'
import { diffPlans } from '../../src/verbs/diffPlans.js'
import { oneHost } from '../helpers/clusters.js'
import { graphOf, op } from '../helpers/graphs.js'
import { planOf } from '../helpers/verbs.js'

const cluster = oneHost(2, 'full-duplex', { memoryBytes: 1000 })
const graph = (seconds: number) =>
  graphOf([op('a', 1, 100), op('h.0.b', seconds), op('h.0.c', 2)], 'a>h.0.b', 'a>h.0.c')
const planned = async (seconds: number, limit?: number) => (await planOf(graph(seconds), cluster, 'etf', limit)).plan
const diff = (base: Plan, head: Plan, clusters = {}) =>
  diffPlans({
    base: { plan: base, where: 'base.json', ...clusters },
    head: { plan: head, where: 'head.json', ...clusters },
  })

function refusals(base: Plan, head: Plan) {
  try {
    diff(base, head)
  } catch (error) {
    if (error instanceof UserError) return error
  }
  throw new Error('was compared')
}

const altered = (plan: Plan, change: object): Plan => ({ ...plan, provenance: { ...plan.provenance, ...change } })

describe('diffPlans', () => {
  test('a plan and itself: no difference, valid by its schema', async () => {
    const plan = await planned(3)
    const document = diff(plan, plan)
    expect(document.same).toBe(true)
    expect(diffSchema.parse(JSON.parse(canonicalJson(document)))).toMatchObject({ same: true, kind: 'stowage.diff' })
  })

  test('a slower model: the model is the cause, and the difference is valid by its schema', async () => {
    const document = diff(await planned(3), await planned(30))
    expect(document.same).toBe(false)
    expect(document.why.inputs.map(({ input }) => input)).toEqual(['model'])
    expect(document.prediction.figures[0]).toMatchObject({ figure: 'stepSeconds', better: 'less' })
    expect(document.prediction.figures[0].percent).toBeGreaterThan(0)
    expect(() => diffSchema.parse(JSON.parse(canonicalJson(document)))).not.toThrow()
  })

  test('headroom is known where the cluster is the very one that the plan was made for', async () => {
    const [base, head] = [await planned(3, 500), await planned(3, 250)]
    const figureOf = (clusters: object) =>
      diff(base, head, clusters).prediction.figures.find(({ figure }) => figure === 'headroom')
    const tightest = Math.max(...base.prediction.peakBytes)
    expect(figureOf({ cluster })).toMatchObject({ base: 1 - tightest / 500, head: 1 - tightest / 250 })
    expect(figureOf({ cluster: oneHost(3) })).toBeUndefined()
    expect(figureOf({})).toBeUndefined()
  })

  test('refuses other tools and cost data, all reasons at once, naming both and the way out', async () => {
    const plan = await planned(3)
    const { inputs } = plan.provenance
    const calibration = { name: 'data sheets', sha256: 'f'.repeat(64) }
    const error = refusals(plan, altered(plan, { tool: 'stowage 9.0.0', inputs: { ...inputs, calibration } }))
    expect(error.exitCode).toBe(4)
    expect(error.problems.map(({ code }) => code)).toEqual(['E402', 'E402'])
    expect(error.problems[0]).toMatchObject({
      expected: `${plan.provenance.tool} (base)`,
      found: 'stowage 9.0.0 (head)',
    })
    expect(error.problems[1].found).toContain('ffffffffffff')
    for (const { fix, where } of error.problems) {
      expect(fix).toContain('stowage simulate')
      expect(where).toBe('base.json, head.json')
    }
  })

  test('refuses plans of other kinds', async () => {
    const plan = await planned(3)
    const other = { ...plan, decisions: { mesh: { axes: ['pp'], shape: [2] } } }
    expect(refusals(plan, other).problems).toMatchObject([
      { code: 'E402', expected: 'placement (base)', found: 'parallel (head)' },
    ])
  })
})
