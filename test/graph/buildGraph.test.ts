import * as fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { UserError } from '../../src/errors/index.js'
import { buildGraph, type GraphDescription } from '../../src/graph/index.js'
import { edges, graphOf, op } from '../helpers/graphs.js'
import { graphs, hostileNames } from '../helpers/instances.js'

function problemsOf(description: GraphDescription) {
  try {
    buildGraph(description, 'g.json')
  } catch (error) {
    if (error instanceof UserError) return error.problems
    throw error
  }
  throw new Error('was accepted')
}

describe('numbering', () => {
  test('ops and tensors are numbered by name, rows point to each other', () => {
    const graph = buildGraph(graphOf([op('c', 1, 3), op('a', 1, 1), op('b', 1, 2)], 'c>a', 'c>b', 'a>b', 'c-b'))
    expect(graph.ops.map(({ name }) => name)).toEqual(['a', 'b', 'c'])
    expect(graph.tensorNames).toEqual(['a.out', 'b.out', 'c.out'])
    expect([...graph.tensorBytes]).toEqual([1, 2, 3])
    expect([...graph.topologicalOrder]).toEqual([2, 0, 1])
    expect([...graph.edgeFrom]).toEqual([0, 2, 2, 2])
    expect([...graph.edgeTo]).toEqual([1, 0, 1, 1])
    expect([...graph.edgeTensor]).toEqual([0, 2, -1, 2])
    expect([...graph.inEdge.subarray(graph.inStart[1], graph.inStart[2])]).toEqual([0, 2, 3])
    expect([...graph.consumerOp.subarray(graph.consumerStart[2], graph.consumerStart[3])]).toEqual([0, 1])
  })

  test('repeated edges count once', () => {
    const graph = buildGraph(graphOf([op('a', 1, 1), op('b', 1)], 'a>b', 'a-b', 'a>b', 'a-b'))
    expect([...graph.edgeTensor]).toEqual([-1, 0])
    expect([...graph.consumerOp]).toEqual([1])
  })

  test('the order of the file never matters', () => {
    fc.assert(
      fc.property(graphs({ min: 1, max: 20 }), fc.integer(), (description, seed) => {
        const turned: GraphDescription = {
          ...description,
          ops: turn(description.ops, seed),
          edges: turn(description.edges, seed),
        }
        expect(buildGraph(turned)).toEqual(buildGraph(description))
      }),
      { numRuns: 200 },
    )
  })

  test('every op follows its predecessors, whatever the names', () => {
    fc.assert(
      fc.property(graphs({ min: 1, max: 40 }), (description) => {
        const graph = buildGraph(description)
        const position = new Map([...graph.topologicalOrder].map((number, k) => [graph.ops[number].name, k]))
        expect(position.size).toBe(description.ops.length)
        for (const { from, to } of description.edges) expect(position.get(from)!).toBeLessThan(position.get(to)!)
      }),
      { numRuns: 200 },
    )
  })

  test('hostile names are names', () => {
    const graph = buildGraph({
      name: 'hostile',
      ops: hostileNames.map((name) => op(name, 1, 1, { colocationGroup: name })),
      edges: [{ from: '__proto__', to: 'constructor', output: '__proto__.out' }],
    })
    expect(graph.groupNames).toEqual([...hostileNames].sort())
    expect(hostileNames.map((name) => graph.ops[graph.opNumber.get(name)!].name)).toEqual(hostileNames)
  })

  test('an empty graph is a graph', () => {
    expect(buildGraph({ name: 'empty', ops: [], edges: [] }).topologicalOrder).toHaveLength(0)
  })
})

/** Another order of the same entries. */
function turn<T>(list: readonly T[], seed: number): T[] {
  return list
    .map((each, k) => [((k + 1) * 7919 + seed) % 101, each] as const)
    .sort((a, b) => a[0] - b[0])
    .map(([, each]) => each)
}

describe('refusals', () => {
  test.each([
    [
      'E201',
      'a circle, named in order',
      graphOf([op('a', 1), op('b', 1), op('c', 1)], 'a-b', 'b-c', 'c-a'),
      {
        where: 'g.json',
        found: 'a -> b -> c -> a',
      },
    ],
    ['E201', 'an op that waits for itself', graphOf([op('a', 1, 1)], 'a>a'), { found: 'a -> a' }],
    [
      'E201',
      'a circle behind a chain',
      graphOf(
        ['s', 'a', 'b'].map((name) => op(name, 1)),
        's-a',
        'a-b',
        'b-a',
      ),
      {
        found: 'a -> b -> a',
      },
    ],
    [
      'E202',
      'two ops of a name',
      graphOf([op('a', 1), op('a', 2)]),
      {
        message: 'two ops are named a',
        where: 'g.json#/ops/1',
      },
    ],
    [
      'E202',
      'two outputs of a name',
      graphOf([op('a', 1, 1), op('b', 1, 1, { outputs: [{ name: 'a.out', bytes: 1 }] })]),
      {
        message: 'two outputs are named a.out',
        where: 'g.json#/ops/1',
      },
    ],
    [
      'E203',
      'an edge from nowhere',
      graphOf([op('matmul', 1)], 'matnul-matmul'),
      {
        where: 'g.json#/edges/0',
        fix: 'did you mean matmul?',
      },
    ],
    ['E203', 'an edge to nowhere', graphOf([op('a', 1)], 'a-zzzzzzzz'), { where: 'g.json#/edges/0' }],
    [
      'E203',
      "another op's output",
      { ...graphOf([op('a', 1, 1), op('b', 1, 1), op('c', 1)]), edges: [{ from: 'b', to: 'c', output: 'a.out' }] },
      { where: 'g.json#/edges/0', message: 'b has no output a.out' },
    ],
    [
      'E205',
      'bytes that disagree',
      { ...graphOf([op('a', 1, 8), op('b', 1)]), edges: [{ from: 'a', to: 'b', output: 'a.out', bytes: 7 }] },
      { where: 'g.json#/edges/0', message: 'the edge carries 7 bytes, its output a.out has 8' },
    ],
    [
      'E205',
      'bytes on a control edge',
      { ...graphOf([op('a', 1), op('b', 1)]), edges: [{ from: 'a', to: 'b', bytes: 1 }] },
      {
        where: 'g.json#/edges/0',
        message: 'a control edge carries 1 bytes',
      },
    ],
  ] as const)('%s: %s', (code, _what, description, expected) => {
    const [problem] = problemsOf(description)
    expect(problem).toMatchObject({ code, ...expected })
    if (!('where' in expected) || expected.where !== 'g.json#/edges/0' || code !== 'E203')
      expect(problem.fix).toBeTruthy()
  })

  test('zero bytes on a control edge are fine', () => {
    const description = { ...graphOf([op('a', 1), op('b', 1)]), edges: [{ from: 'a', to: 'b', bytes: 0 }] }
    expect(() => buildGraph(description)).not.toThrow()
  })

  test.each([
    ['negative seconds', { seconds: -1e-3 }],
    ['seconds that are not a number', { seconds: Number.NaN }],
    ['endless seconds of one kind', { seconds: { slow: 1, fast: Number.POSITIVE_INFINITY } }],
    ['a hundred years', { seconds: 3.2e9 }],
    ['negative FLOPs', { flops: -1 }],
    ['too many matrix FLOPs', { matrixFlops: 1e19 }],
    ['negative bytes accessed', { bytesAccessed: -1 }],
    ['negative parameters', { parameterBytes: -1 }],
    ['endless temporaries', { temporaryBytes: Number.POSITIVE_INFINITY }],
    ['a negative output', { outputs: [{ name: 't', bytes: -8 }] }],
    ['an output of no number', { outputs: [{ name: 't', bytes: Number.NaN }] }],
  ])('E204: %s', (_what, more) => {
    const [problem, ...rest] = problemsOf(graphOf([op('b', 1), op('a', 1, undefined, more)]))
    expect(problem).toMatchObject({ code: 'E204', where: 'g.json#/ops/1' })
    expect(problem.expected).toMatch(/^a number from 0 to /)
    expect(rest).toEqual([])
  })

  test('parameters: names repeat, a reader is missing', () => {
    const w = { name: 'w', shape: [1], dtype: 'fp32', op: 'a' }
    const description = { ...graphOf([op('a', 1), op('b', 1)]), parameters: [w, { ...w, readers: ['a', 'bb'] }] }
    expect(problemsOf(description)).toMatchObject([
      { code: 'E202', where: 'g.json#/parameters/1', message: 'two parameters are named w' },
      { code: 'E203', where: 'g.json#/parameters/1', message: 'the parameter names an op that does not exist: bb' },
    ])
  })

  test('all problems at once, the surplus counted', () => {
    const description: GraphDescription = {
      name: 'bad',
      ops: [op('a', -1, -1), op('a', 1)],
      edges: Array.from({ length: 40 }, () => ({ from: 'a', to: 'missing' })),
    }
    const problems = problemsOf(description)
    expect(new Set(problems.map(({ code }) => code))).toEqual(new Set(['E202', 'E203', 'E204']))
    expect(problems.at(-1)!.message).toBe('and 23 more problems')
  })

  test('a long circle is shortened', () => {
    const names = Array.from({ length: 5000 }, (_, k) => `op${k}`)
    const arrows = names.map((name, k) => `${name}-${names[(k + 1) % names.length]}`)
    const [{ message, found }] = problemsOf({ name: 'ring', ops: names.map((n) => op(n, 1)), edges: edges(...arrows) })
    expect(message).toBe('5000 ops wait for each other in a circle')
    expect(found).toMatch(/ -> \.\.\. 4989 more \.\.\. -> op\d+ -> op0$/)
  })
})
