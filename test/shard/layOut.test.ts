import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { layOut, type RaggedTensor } from '../../src/shard/index.js'

/** Boundaries of shards lie between whole blocks of a tensor that starts there. */
function isWhole(start: number, { elements, granularity }: RaggedTensor, shard: number): boolean {
  for (let at = (Math.floor(start / shard) + 1) * shard; at < start + elements; at += shard)
    if ((at - start) % granularity !== 0) return false
  return true
}

/** Tensors in this order, each as early as can be: for one order and shard the best there is. */
function fits(order: readonly RaggedTensor[], shard: number, devices: number): boolean {
  let at = 0
  for (const tensor of order) {
    while (at + tensor.elements <= devices * shard && !isWhole(at, tensor, shard)) at++
    if (at + tensor.elements > devices * shard) return false
    at += tensor.elements
  }
  return true
}

function* permutations<T>(items: readonly T[]): Generator<readonly T[]> {
  if (items.length < 2) yield items
  for (let k = 0; k < items.length; k++)
    for (const rest of permutations(items.filter((_, i) => i !== k))) yield [items[k], ...rest]
}

function smallestShard(tensors: readonly RaggedTensor[], devices: number, unit: number): number {
  for (let shard = unit; ; shard += unit)
    for (const order of permutations(tensors)) if (fits(order, shard, devices)) return shard
}

const tensor = fc.record({ elements: fc.integer({ min: 1, max: 24 }), granularity: fc.integer({ min: 1, max: 8 }) })
const tensors = (most: number) =>
  fc.array(tensor, { minLength: 1, maxLength: most }).map((list) => list.map((each, k) => ({ ...each, name: `t${k}` })))

describe('a layout of ragged shards', () => {
  test('cuts no block, overlaps nothing, and is not smaller than its bound', () => {
    fc.assert(
      fc.property(tensors(12), fc.integer({ min: 1, max: 9 }), fc.constantFrom(1, 4, 8), (list, devices, unit) => {
        const { shardElements, offsets, bound } = layOut(list, devices, unit)
        expect(shardElements % unit).toBe(0)
        expect(shardElements).toBeGreaterThanOrEqual(bound.shardElements)
        list.forEach((each, k) => {
          expect(isWhole(offsets[k], each, shardElements)).toBe(true)
          expect(offsets[k] + each.elements).toBeLessThanOrEqual(devices * shardElements)
        })
        const laid = list.map((each, k) => ({ start: offsets[k], end: offsets[k] + each.elements }))
        laid.sort((a, b) => a.start - b.start)
        for (let k = 1; k < laid.length; k++) expect(laid[k].start).toBeGreaterThanOrEqual(laid[k - 1].end)
      }),
      { numRuns: 300 },
    )
  })

  test('lies between its bound and what every order can do, and is that where it says so', () => {
    fc.assert(
      fc.property(tensors(5), fc.integer({ min: 1, max: 5 }), fc.constantFrom(1, 2), (list, devices, unit) => {
        const { shardElements, bound } = layOut(list, devices, unit)
        const least = smallestShard(list, devices, unit)
        expect(bound.shardElements).toBeLessThanOrEqual(least)
        expect(shardElements).toBeGreaterThanOrEqual(least)
        if (shardElements === bound.shardElements) expect(shardElements).toBe(least)
      }),
      { numRuns: 150 },
    )
  })

  test('does not depend on the order in which tensors are given', () => {
    fc.assert(
      fc.property(tensors(8), fc.integer({ min: 1, max: 6 }), (list, devices) => {
        const [given, turned] = [list, [...list].reverse()].map((each) => layOut(each, devices, 4))
        expect(turned.shardElements).toBe(given.shardElements)
        expect([...turned.offsets].reverse()).toEqual(given.offsets)
      }),
    )
  })

  test('of a tensor of three blocks on two devices holds two of them on one', () => {
    expect(layOut([{ name: 'a', elements: 12, granularity: 4 }], 2, 1)).toMatchObject({
      shardElements: 8,
      offsets: [0],
    })
  })

  test('of nothing is nothing', () => {
    expect(layOut([], 4, 8)).toMatchObject({ shardElements: 0, offsets: [] })
  })
})
