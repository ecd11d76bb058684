import * as fc from 'fast-check'
import { expect, test } from 'vitest'
import { buildGraph, fromGraphlib, toGraphlib } from '../../src/graph/index.js'
import { graphOf, op } from '../helpers/graphs.js'
import { graphs } from '../helpers/instances.js'

test('to graphlib and back is the same graph', () => {
  fc.assert(
    fc.property(graphs({ min: 1, max: 15 }), (description) => {
      fc.pre(description.ops.every(({ name }) => name !== '__proto__' && name !== ''))
      expect(buildGraph(fromGraphlib(toGraphlib(description)))).toEqual(buildGraph(description))
    }),
    { numRuns: 100 },
  )
})

test('a control edge and two tensors between the same ops are three edges', () => {
  const outputs = ['x', 'y'].map((name) => ({ name, bytes: 1 }))
  const description = {
    ...graphOf([op('a', 1, 0, { outputs }), op('b', 1)], 'a-b'),
    edges: [{ from: 'a', to: 'b' }, ...outputs.map(({ name }) => ({ from: 'a', to: 'b', output: name }))],
  }
  expect(toGraphlib(description).edgeCount()).toBe(3)
})

test('the names that graphlib would lose are refused', () => {
  const unnamed = { ...graphOf([op('a', 1), op('b', 1)]), edges: [{ from: 'a', to: 'b', output: '' }] }
  expect(() => toGraphlib(unnamed)).toThrow('graphlib cannot hold an edge of an output without name')
  expect(() => toGraphlib(graphOf([op('__proto__', 1)]))).toThrow('graphlib cannot hold an op named __proto__')
})
