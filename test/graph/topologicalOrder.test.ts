import { describe, expect, test } from 'vitest'
import { type Adjacency, findCycle, topologicalOrder } from '../../src/graph/topologicalOrder.js'

function adjacency(opCount: number, arrows: readonly (readonly [number, number])[]): Adjacency {
  const sorted = [...arrows].sort((a, b) => a[0] - b[0] || a[1] - b[1])
  const outStart = Int32Array.from({ length: opCount + 1 }, (_, op) => sorted.filter(([from]) => from < op).length)
  return { opCount, outStart, edgeTo: Int32Array.from(sorted, ([, to]) => to) }
}

describe('topologicalOrder', () => {
  test('goes by depth, then by number', () => {
    expect([
      ...topologicalOrder(
        adjacency(5, [
          [4, 0],
          [4, 2],
          [3, 1],
          [0, 1],
        ]),
      ),
    ]).toEqual([3, 4, 0, 2, 1])
  })

  test('leaves out what sits on or behind a circle', () => {
    expect([
      ...topologicalOrder(
        adjacency(4, [
          [0, 1],
          [1, 2],
          [2, 1],
          [2, 3],
        ]),
      ),
    ]).toEqual([0])
  })
})

describe('findCycle', () => {
  test('finds none in a graph without', () => {
    expect(
      findCycle(
        adjacency(3, [
          [0, 1],
          [0, 2],
          [1, 2],
        ]),
      ),
    ).toEqual([])
  })

  test('gives the circle alone, not the way to it', () => {
    expect(
      findCycle(
        adjacency(5, [
          [0, 1],
          [1, 2],
          [2, 3],
          [3, 2],
          [3, 4],
        ]),
      ),
    ).toEqual([2, 3])
  })

  test('does not run deep: a circle of 200,000 ops', () => {
    const opCount = 200_000
    const outStart = Int32Array.from({ length: opCount + 1 }, (_, op) => op)
    const edgeTo = Int32Array.from({ length: opCount }, (_, op) => (op + 1) % opCount)
    expect(findCycle({ opCount, outStart, edgeTo })).toHaveLength(opCount)
  })
})
