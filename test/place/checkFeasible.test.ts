import { describe, expect, test } from 'vitest'
import { UserError } from '../../src/errors/index.js'
import { checkFeasible } from '../../src/place/checkFeasible.js'
import { clusterOf, oneHost } from '../helpers/clusters.js'
import { edges, graphOf, op, problemOf } from '../helpers/graphs.js'

function refusal(...args: Parameters<typeof problemOf>): UserError {
  try {
    checkFeasible(problemOf(...args))
  } catch (error) {
    if (error instanceof UserError) return error
    throw error
  }
  throw new Error('was called feasible')
}

describe('E302: an op fits nowhere', () => {
  const graph = graphOf(
    [
      op('a', 1, 300),
      op('b', 1, 200, { parameterBytes: 100, temporaryBytes: 50 }),
      op('c', 1, undefined, { temporaryBytes: 1000 }),
    ],
    'a>b',
  )

  test('parameters, outputs, inputs and temporaries add up; the byte that is missing counts', () => {
    expect(() => checkFeasible(problemOf(graph, oneHost(2), [1000, 10]))).not.toThrow()
    const { problems } = refusal(graph, oneHost(2), [649, 10])
    expect(problems.map(({ code, where }) => [code, where])).toEqual([
      ['E302', 'op b (Op)'],
      ['E302', 'op c (Op)'],
    ])
    expect(problems[0].message).toBe('b alone needs 650 B')
    expect(problems[0].found).toBe('parameters 100 B + outputs 200 B + inputs and temporaries 350 B')
    expect(problems[0].fix).toMatch(/^a device with 1 B more/)
  })

  test('only devices of a kind that may run the op count', () => {
    const cluster = clusterOf([{ kinds: ['big', 'small'] }])
    const picky = graphOf([op('a', 1, 300, { deviceKinds: ['small'] })])
    expect(refusal(picky, cluster, [1000, 299]).code).toBe('E302')
    expect(() => checkFeasible(problemOf(picky, cluster, [0, 300]))).not.toThrow()
  })

  test('an op of no time holds nothing but its parameters', () => {
    const instant = graphOf([op('a', 0, 500, { temporaryBytes: 500 }), op('b', 1)], 'a-b')
    expect(() => checkFeasible(problemOf(instant, oneHost(1), [1]))).not.toThrow()
    const heavy = graphOf([op('a', 0, 500, { parameterBytes: 2 }), op('b', 1)], 'a-b')
    expect(refusal(heavy, oneHost(1), [1]).code).toBe('E302')
  })

  test("a colocation group's parameters share one device", () => {
    const both = graphOf(['a', 'b'].map((name) => op(name, 1, 0, { parameterBytes: 60, colocationGroup: 'table' })))
    const { code, problems } = refusal(both, oneHost(2), [100, 119])
    expect(code).toBe('E302')
    expect(problems[0].where).toBe('colocation group table (2 ops)')
    expect(() => checkFeasible(problemOf(both, oneHost(2), [100, 120]))).not.toThrow()
  })
})

test('E303: no device may run all ops of a group', () => {
  const graph = graphOf([
    op('a', 1, 0, { deviceKinds: ['x'], colocationGroup: 'table' }),
    op('b', 1, 0, { deviceKinds: ['y'], colocationGroup: 'table' }),
  ])
  const { code, problems } = refusal(graph, clusterOf([{ kinds: ['x', 'y'] }]))
  expect([code, problems[0].where]).toEqual(['E303', 'colocation group table (2 ops)'])
  expect(problems[0].fix).toMatch(/deviceKinds/)
})

describe('E301: all devices together are too small', () => {
  const graph = {
    name: 'graph',
    ops: [op('a', 1, 100, { parameterBytes: 50 }), op('b', 1, 100, { parameterBytes: 50 }), op('c', 1, 70)],
    edges: edges('c>b', 'c>a'),
  }

  test('parameters and outputs without consumer are counted, consumed outputs are not', () => {
    expect(() => checkFeasible(problemOf(graph, oneHost(3), [220, 40, 40]))).not.toThrow()
    const { code, problems } = refusal(graph, oneHost(3), [220, 40, 39])
    expect(code).toBe('E301')
    expect(problems[0].found).toMatch(/^parameters 100 B \+ outputs kept to the end 200 B; 1 B over$/)
    expect(problems[0].fix).toBe('at least 2 such devices')
  })

  test('limits of zero prove nothing while nothing is held', () => {
    const kept = graphOf([op('a', 0, undefined, { parameterBytes: 0 }), op('b', 1, 0)])
    expect(() => checkFeasible(problemOf(kept, oneHost(2), [0, 0]))).not.toThrow()
  })
})
