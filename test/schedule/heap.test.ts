import * as fc from 'fast-check'
import { expect, test } from 'vitest'
import { Heap } from '../../src/schedule/index.js'

const entry = fc.tuple(
  fc.nat(500),
  fc.integer({ min: 0, max: 5 }),
  fc.constantFrom(0, 0.5, 1, Number.POSITIVE_INFINITY),
)

test('entries leave by least first, greatest second, least item', () => {
  fc.assert(
    fc.property(fc.array(entry, { maxLength: 300, size: 'max' }), (entries) => {
      const heap = new Heap()
      for (const [item, first, second] of entries) heap.push(item, first, second)
      const sorted = [...entries].sort((a, b) => a[1] - b[1] || (a[2] === b[2] ? a[0] - b[0] : b[2] - a[2]))
      for (const [item, first] of sorted) {
        expect([heap.topItem, heap.topFirst]).toEqual([item, first])
        expect(heap.pop()).toBe(item)
      }
      expect(heap.size).toBe(0)
    }),
    { numRuns: 200 },
  )
})

test('pushes between pops keep the order', () => {
  fc.assert(
    fc.property(fc.array(fc.option(entry, { nil: undefined, freq: 2 }), { maxLength: 400, size: 'max' }), (steps) => {
      const heap = new Heap()
      const list: [number, number, number][] = []
      for (const step of steps) {
        if (step) {
          heap.push(...step)
          list.push(step)
        } else if (list.length > 0) {
          list.sort((a, b) => a[1] - b[1] || (a[2] === b[2] ? a[0] - b[0] : b[2] - a[2]))
          expect(heap.pop()).toBe(list.shift()![0])
        }
        expect(heap.size).toBe(list.length)
      }
    }),
    { numRuns: 200 },
  )
})
