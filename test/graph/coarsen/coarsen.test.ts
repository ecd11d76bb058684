import * as fc from 'fast-check'
import { describe, expect, it, test } from 'vitest'
import {
  buildGraph,
  type CoarsenOptions,
  coarsen,
  expandOrder,
  expandPlacement,
  type GraphDescription,
  trainingGraph,
} from '../../../src/graph/index.js'
import { completeOrder, memoryPeaks, opOrder, replay } from '../../../src/schedule/index.js'
import { oneHost } from '../../helpers/clusters.js'
import { graphOf, op, problemOf } from '../../helpers/graphs.js'
import { graphs } from '../../helpers/instances.js'

const block = (name: string, module: string, bytes = 10, more = {}) => op(name, 1, bytes, { module, ...more })
const arrows = ({ edges }: GraphDescription) =>
  edges.map(({ from, to, output }) => `${from} -${output ?? ''}> ${to}`).sort()

describe('coarsen by module', () => {
  const two = graphOf(
    [
      op('x', 0, 8, { module: 'inputs' }),
      block('a1', 'm.h.0.attn', 10, { temporaryBytes: 5, flops: 3 }),
      block('a2', 'm.h.0.mlp', 20, { flops: 4 }),
      op('cut', 1, 30),
      block('a3', 'm.h.0', 40, { parameterBytes: 7 }),
      block('b1', 'm.h.1', 50),
      block('b2', 'm.h.1.mlp', 60),
    ],
    ...['x>a1', 'a1>a2', 'a2>cut', 'cut>a3', 'a1>a3', 'a3>b1', 'b1>b2', 'a1>b2'],
  )
  const { graph, members, coarseOf } = coarsen(two, { by: 'module' })

  test('contracts each numbered layer, with the nameless op in its midst', () => {
    expect([...members]).toEqual([
      ['x', ['x']],
      ['m.h.0', ['a1', 'a2', 'cut', 'a3']],
      ['m.h.1', ['b1', 'b2']],
    ])
    expect(arrows(graph)).toEqual(['m.h.0 -a1.out> m.h.1', 'm.h.0 -a3.out> m.h.1', 'x -x.out> m.h.0'])
    expect(coarseOf.get('cut')).toBe('m.h.0')
  })

  test('sums work and keeps the outputs that leave', () => {
    expect(graph.ops.find(({ name }) => name === 'm.h.0')).toEqual({
      name: 'm.h.0',
      type: 'Block',
      module: 'm.h.0',
      seconds: 0.004,
      flops: 7,
      parameterBytes: 7,
      // a2.out and cut.out at once; a1.out and a3.out are outputs.
      temporaryBytes: 50,
      outputs: [
        { name: 'a1.out', bytes: 10 },
        { name: 'a3.out', bytes: 40 },
      ],
    })
  })

  test.each<[CoarsenOptions, string[]]>([
    [{ by: 'module', depth: 2 }, ['x', 'm.h']],
    [{ by: 'module', depth: 3 }, ['x', 'm.h.0', 'm.h.1']],
    [{ by: 'module', patterns: ['m.h.1'] }, ['x', 'a1', 'a2', 'cut', 'a3', 'm.h.1']],
    [{ by: 'module', patterns: ['*.*.0', 'm.*.*.mlp'] }, ['x', 'm.h.0', 'b1', 'b2']],
  ])('%j', (options, names) => {
    expect([...coarsen(two, options).members.keys()].sort()).toEqual(names.sort())
  })
})

describe('coarsen', () => {
  it('splits a module that another one stands amidst', () => {
    const sandwich = graphOf(
      [block('a1', 'a'), block('a2', 'a'), block('b', 'b'), block('a3', 'a'), block('a4', 'a')],
      'a1>a2',
      'a2>b',
      'b>a3',
      'a3>a4',
    )
    expect([...coarsen(sandwich, { by: 'module' }).members]).toEqual([
      ['a', ['a1', 'a2']],
      ['b', ['b']],
      ['a#2', ['a3', 'a4']],
    ])
  })

  it('breaks a circle between two modules that are each in one piece', () => {
    const crossed = graphOf([block('a1', 'a'), block('a2', 'a'), block('b1', 'b'), block('b2', 'b')], 'a1>b2', 'b1>a2')
    const { graph, members } = coarsen(crossed, { by: 'module' })
    expect(() => buildGraph(graph)).not.toThrow()
    expect(members.size).toBe(3)
  })

  it('joins what only seems apart: branches of one module at unlike depths', () => {
    const branches = graphOf(
      [block('in', 'a'), block('long', 'b'), block('deep', 'c'), block('m1', 'm'), block('m2', 'm')],
      ...['in>m1', 'in>long', 'long>deep', 'deep>m2'],
    )
    expect(coarsen(branches, { by: 'module' }).members.get('m')).toEqual(['m1', 'm2'])
  })

  it('contracts chains and nothing else', () => {
    const graph = graphOf(
      [op('a', 1, 1), op('b', 1, 1), op('c', 1, 1), op('d', 1, 1), op('e', 1, 1), op('f', 1)],
      'a>b',
      'b>c',
      'b>d',
      'c>e',
      'd>e',
      'e-f',
    )
    expect([...coarsen(graph, { by: 'chain' }).members.values()]).toEqual([['a', 'b'], ['c'], ['d'], ['e', 'f']])
  })

  it('contracts colocation groups, in pieces where it must', () => {
    const tied = (name: string) => op(name, 1, 1, { colocationGroup: 'tie' })
    const graph = graphOf(
      [tied('table'), tied('scale'), op('body', 1, 1), tied('head')],
      'table>scale',
      'scale>body',
      'body>head',
    )
    const coarse = coarsen(graph, { by: 'colocation' })
    expect([...coarse.members]).toEqual([
      ['tie', ['table', 'scale']],
      ['body', ['body']],
      ['head', ['head']],
    ])
    expect(coarse.graph.ops.map(({ colocationGroup }) => colocationGroup)).toEqual(['tie', undefined, 'tie'])
  })

  it('keeps forward and backward of a module apart and together on one device', () => {
    const forward = graphOf(
      [block('a', 'h.0', 10, { type: 'MatMul', parameterBytes: 8 }), block('b', 'h.0', 10, { type: 'Gelu' })],
      'a>b',
    )
    const { members, graph } = coarsen(trainingGraph(forward), { by: 'module' })
    expect(members.get('h.0')).toEqual(['a', 'b'])
    expect(members.get('h.0.backward')).toEqual(['b.backward', 'a.backward'])
    const groups = graph.ops.filter(({ name }) => name.startsWith('h.0')).map(({ colocationGroup }) => colocationGroup)
    expect(new Set(groups)).toEqual(new Set(['a']))
  })

  it('takes the seconds it is given, by device kind', () => {
    const graph = graphOf([block('a', 'm'), block('b', 'm')], 'a>b')
    const { graph: coarse } = coarsen(graph, {
      by: 'module',
      secondsOf: ({ name }) => (name === 'a' ? 1 : { fast: 2, slow: 3 }),
    })
    expect(coarse.ops[0].seconds).toEqual({ fast: 3, slow: 4 })
  })
})

describe('any coarsening of a random graph', () => {
  const options: fc.Arbitrary<CoarsenOptions> = fc.constantFrom<CoarsenOptions>(
    { by: 'chain' },
    { by: 'colocation' },
    { by: 'module' },
    { by: 'module', depth: 1 },
  )
  const labelled = fc
    .tuple(
      graphs({ min: 1, max: 30 }),
      fc.array(fc.constantFrom('a', 'b', 'a.0', 'a.1.x', undefined), { minLength: 1 }),
    )
    .map(
      ([graph, modules]): GraphDescription => ({
        ...graph,
        ops: graph.ops.map((each, i) => ({ ...each, module: modules[i % modules.length], flops: i })),
      }),
    )
  const seconds = (graph: GraphDescription, kind: string) =>
    graph.ops.reduce((sum, { seconds: each }) => sum + (typeof each === 'object' ? each[kind] : each!), 0)
  const total = (graph: GraphDescription, key: 'flops' | 'parameterBytes') =>
    graph.ops.reduce((sum, each) => sum + (each[key] ?? 0), 0)

  it('is acyclic, conserves work, maps every op, and does not depend on the order of the file', () => {
    fc.assert(
      fc.property(labelled, options, (fine, how) => {
        const { graph, coarseOf, members } = coarsen(fine, how)
        const built = buildGraph(graph)
        for (const kind of ['fast', 'slow', 'generic']) expect(seconds(graph, kind)).toBeCloseTo(seconds(fine, kind), 9)
        for (const key of ['flops', 'parameterBytes'] as const) expect(total(graph, key)).toBe(total(fine, key))
        expect([...coarseOf.keys()].sort()).toEqual(fine.ops.map(({ name }) => name).sort())
        for (const [coarse, list] of members) for (const each of list) expect(coarseOf.get(each)).toBe(coarse)
        expect([...members.keys()].sort()).toEqual(built.ops.map(({ name }) => name))
        const turned = coarsen({ ...fine, ops: fine.ops.toReversed(), edges: fine.edges.toReversed() }, how)
        expect(buildGraph(turned.graph)).toEqual(built)
      }),
      { numRuns: 300 },
    )
  })

  it('expands a placement that keeps groups together to one that does, on allowed devices', () => {
    fc.assert(
      fc.property(labelled, options, (fine, how) => {
        const coarse = coarsen(fine, how)
        const built = buildGraph(coarse.graph)
        const deviceOf = new Map(
          built.ops.map(({ name }, i) => [name, built.groupOf[i] < 0 ? i : 1000 + built.groupOf[i]]),
        )
        const expanded = expandPlacement(coarse, deviceOf)
        expect(expanded.size).toBe(fine.ops.length)
        const byGroup = new Map<string, number>()
        for (const each of fine.ops) {
          const kinds = coarse.graph.ops.find(({ name }) => name === coarse.coarseOf.get(each.name))!.deviceKinds
          expect(kinds?.toSorted()).toEqual(each.deviceKinds?.toSorted())
          if (each.colocationGroup === undefined) continue
          const device = byGroup.get(each.colocationGroup) ?? expanded.get(each.name)!
          byGroup.set(each.colocationGroup, device)
          expect(expanded.get(each.name)).toBe(device)
        }
      }),
      { numRuns: 200 },
    )
  })

  it('needs on one device at least the memory that its ops need in its order', () => {
    fc.assert(
      fc.property(labelled, options, (fine, how) => {
        const free = { ...fine, ops: fine.ops.map(({ deviceKinds: _, ...each }) => ({ ...each, seconds: 0.001 })) }
        const coarse = coarsen(free, how)
        const coarseProblem = problemOf(coarse.graph, oneHost(1))
        const home = (count: number) => new Int32Array(count)
        const order = completeOrder(coarseProblem, home(coarse.graph.ops.length))
        const coarsePeak = memoryPeaks(coarseProblem, replay(coarseProblem, home(order.length), opOrder(order)))[0]
        const fineProblem = problemOf(free, oneHost(1))
        const names = [...order].map((each) => coarseProblem.graph.ops[each].name)
        const fineOrder = Int32Array.from(expandOrder(coarse, names), (name) => fineProblem.graph.opNumber.get(name)!)
        const finePeak = memoryPeaks(fineProblem, replay(fineProblem, home(free.ops.length), opOrder(fineOrder)))[0]
        expect(finePeak).toBeLessThanOrEqual(coarsePeak)
      }),
      { numRuns: 200 },
    )
  })
})
