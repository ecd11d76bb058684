import { describe, expect, test } from 'vitest'
import { UserError } from '../../src/errors/index.js'
import { readPlan } from '../../src/formats/plan.js'
import { canonicalJson, type Plan } from '../../src/plan/index.js'
import { clusterOf, oneHost } from '../helpers/clusters.js'
import { graphOf, op } from '../helpers/graphs.js'
import { planOf, simulationOf } from '../helpers/verbs.js'

const graph = graphOf(
  [op('a', 1, 2000), op('b', 1, 1000, { colocationGroup: 'g' }), op('c', 1, 0, { colocationGroup: 'g' })],
  'a>b',
  'a>c',
  'b>c',
)
const cluster = oneHost(2)
const made = async () => JSON.parse(canonicalJson((await planOf(graph, cluster)).plan))

/** The plan with another value at a path. */
function withValue(plan: unknown, [key, ...rest]: readonly string[], value: unknown): unknown {
  if (Array.isArray(plan))
    return plan.map((each, k) => (String(k) === key ? (rest.length ? withValue(each, rest, value) : value) : each))
  const record = plan as Record<string, unknown>
  return { ...record, [key]: rest.length ? withValue(record[key], rest, value) : value }
}

function problemsOf(act: () => unknown) {
  try {
    act()
  } catch (error) {
    if (error instanceof UserError) return error.problems
    throw error
  }
  throw new Error('was accepted')
}

describe('readPlan', () => {
  test.each([
    ['kind', 'stowage.graph'],
    ['provenance/inputs/model/sha256', 1],
    ['decisions/placement/a', -1],
    ['decisions/placement/a', 0.5],
    ['decisions/order/0', ['a.out']],
    ['decisions/order/0', 7],
    ['prediction/stepSeconds', '1'],
    ['prediction/peakBytes/0', null],
    ['prediction/unmodelledFlopsFraction', 2],
    ['explanation/alternatives', {}],
    ['planHash', undefined],
  ])('E105: %s as %j', async (path, value) => {
    const broken = withValue(await made(), path.split('/'), value)
    const [{ code, where }] = problemsOf(() => readPlan(broken, 'plan.json'))
    expect(code).toBe('E105')
    expect(where).toMatch(new RegExp(`^plan.json#/${path}`))
  })

  test('all fields that are wrong at once', () => {
    expect(problemsOf(() => readPlan({ kind: 'stowage.plan' }, 'plan.json')).length).toBeGreaterThan(3)
  })

  test('keys it does not know are no harm', async () => {
    expect(readPlan({ ...(await made()), later: 1 }, 'plan.json').decisions.order!.length).toBeGreaterThanOrEqual(3)
  })
})

describe('a plan is refused', () => {
  const simulate = (plan: unknown, on = cluster, of = graph) =>
    problemsOf(() => simulationOf(of, on, { plan: readPlan(plan, 'plan.json') as Plan }))

  test('E401: for another graph, another cluster, or both', async () => {
    const plan = await made()
    const other = { ...graph, ops: graph.ops.map((each) => (each.name === 'a' ? { ...each, seconds: 2 } : each)) }
    expect(simulate(plan, cluster, other)).toMatchObject([
      { code: 'E401', where: 'plan.json#/provenance/inputs/model', fix: expect.stringContaining('plan again') },
    ])
    expect(simulate(plan, oneHost(3), other).map(({ where }) => where)).toEqual([
      'plan.json#/provenance/inputs/model',
      'plan.json#/provenance/inputs/cluster',
    ])
  })

  test.each([
    ['E601', 'an op without device', 'decisions/placement', { a: 0, b: 0 }, 'c has no device'],
    ['E601', 'a device that is none', 'decisions/placement', { a: 2, b: 0, c: 0 }, 'a is placed on device 2'],
    [
      'E601',
      'a device that 32 bits would wrap',
      'decisions/placement',
      { a: 2 ** 32, b: 0, c: 0 },
      'a is placed on device 4294967296',
    ],
    ['E601', 'a split group', 'decisions/placement', { a: 0, b: 0, c: 1 }, 'colocation group g is split'],
    ['E601', 'no placement', 'decisions/placement', undefined, 'the plan places no ops'],
    ['E602', 'an op out of order', 'decisions/order', ['b', 'a', 'c'], 'b stands before its predecessor a'],
    ['E602', 'an op that is missing', 'decisions/order', ['a', 'b'], 'c is missing from the order'],
    ['E602', 'an op that is none', 'decisions/order', ['a', 'b', 'c', 'd'], 'the graph has no op d'],
    ['E602', 'a transfer that is none', 'decisions/order', ['a', ['x', 1], 'b', 'c'], 'the graph has no tensor x'],
  ])('%s: %s', async (code, _what, path, value, message) => {
    expect(simulate(withValue(await made(), path.split('/'), value))[0]).toMatchObject({ code, message })
  })

  test('a placement without order is completed', async () => {
    const plan = withValue(await made(), ['decisions', 'order'], undefined)
    const { prediction } = simulationOf(graph, cluster, { plan: readPlan(plan, 'plan.json') })
    expect(prediction.stepSeconds).toBe(0.003)
  })
})

describe('a map is refused', () => {
  test('E601: where an op may not run', () => {
    const picky = graphOf([op('a', 1, 0, { deviceKinds: ['x'] })])
    expect(problemsOf(() => simulationOf(picky, clusterOf([{ kinds: ['x', 'y'] }]), { map: { a: 1 } }))).toMatchObject([
      { code: 'E601', message: 'a cannot run on device 1, a y', where: 'op a' },
    ])
  })

  test('E206: for a graph without ops', () => {
    expect(problemsOf(() => simulationOf(graphOf([]), cluster, { map: {} }))).toMatchObject([{ code: 'E206' }])
  })
})
