import { expect, test } from 'vitest'
import { buildGraph, graphStatistics } from '../../src/graph/index.js'
import { graphOf, op } from '../helpers/graphs.js'

test('counts a diamond', () => {
  const diamond = graphOf(
    [
      op('a', 1, 10, { type: '__proto__', flops: 3 }),
      op('b', 1, 20, { flops: 5, matrixFlops: 4, parameterBytes: 7 }),
      op('c', 1, 10, { unmodelled: 'unknown domain' }),
      op('d', 1),
    ],
    'a>b',
    'a>c',
    'b>d',
    'c>d',
  )
  const statistics = graphStatistics(buildGraph(diamond))
  expect(statistics).toMatchObject({
    ops: 4,
    edges: 4,
    tensors: 3,
    parameterBytes: 7,
    outputBytes: 40,
    flops: 8,
    matrixFlops: 4,
    depth: 3,
    width: 2,
    unmodelled: [{ type: 'Op', count: 1, why: 'unknown domain', outputBytesFraction: 0.25 }],
  })
  expect([...statistics.opsByType]).toEqual([
    ['__proto__', 1],
    ['Op', 3],
  ])
})

test('an empty graph has no depth', () => {
  expect(graphStatistics(buildGraph(graphOf([])))).toMatchObject({ ops: 0, depth: 0, width: 0, unmodelled: [] })
})
