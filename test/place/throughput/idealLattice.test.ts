import * as fc from 'fast-check'
import { expect, test } from 'vitest'
import { arrowsOf, reversed } from '../../../src/place/throughput/components.js'
import { idealLattice, prefixLattice } from '../../../src/place/throughput/idealLattice.js'

const orders = fc
  .tuple(fc.integer({ min: 1, max: 8 }), fc.array(fc.tuple(fc.nat(), fc.nat()), { maxLength: 12 }))
  .map(([count, pairs]) => {
    const arrows = pairs.map(([a, b]) => [a % count, b % count].sort((x, y) => x - y)).filter(([a, b]) => a !== b)
    const successors = arrowsOf(
      count,
      arrows.map(([a]) => a),
      arrows.map(([, b]) => b),
    )
    const componentOf = Int32Array.from({ length: count }, (_, c) => c)
    return { arrows, order: { componentOf, count, successors, predecessors: reversed(count, successors) } }
  })

test('every set closed under predecessors once, by size, with every way to grow', () => {
  fc.assert(
    fc.property(orders, ({ arrows, order }) => {
      const lattice = idealLattice(order, 1000)!
      const setOf = (ideal: number): number =>
        ideal === 0 ? 0 : setOf(lattice.parent[ideal]) | (1 << lattice.last[ideal])
      const sets = Array.from({ length: lattice.count }, (_, i) => setOf(i))
      const closed = Array.from({ length: 2 ** order.count }, (_, set) => set).filter((set) =>
        arrows.every(([a, b]) => !((set >> b) & 1) || (set >> a) & 1),
      )
      expect([...sets].sort((a, b) => a - b)).toEqual(closed)
      expect([...lattice.size]).toEqual([...lattice.size].sort((a, b) => a - b))
      const grown = sets.flatMap((set, i) =>
        Array.from({ length: lattice.start[i + 1] - lattice.start[i] }, (_, k) => {
          const at = lattice.start[i] + k
          expect(sets[lattice.larger[at]]).toBe(set | (1 << lattice.added[at]))
          return at
        }),
      )
      const pairs = closed.flatMap((set) =>
        closed.filter((other) => (other & set) === set && isPower(other ^ set)).map(() => 1),
      )
      expect(grown).toHaveLength(pairs.length)
      expect(idealLattice(order, lattice.count - 1)).toBeUndefined()
      expect(idealLattice(order, lattice.count)).toBeDefined()
    }),
  )
})

const isPower = (set: number) => set !== 0 && (set & (set - 1)) === 0

test('the ideals of a total order are its prefixes', () => {
  const { count, parent, last, larger } = prefixLattice(Int32Array.of(2, 0, 1))
  expect([count, [...parent], [...last], [...larger]]).toEqual([4, [-1, 0, 1, 2], [-1, 2, 0, 1], [1, 2, 3]])
})
