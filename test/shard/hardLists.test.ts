import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { layOut, type RaggedTensor } from '../../src/shard/index.js'
import { isSound, leastShard } from './ragged.js'

const tensorOf = (most: number) =>
  fc.record({ granularity: fc.integer({ min: 1, max: 7 }), elements: fc.integer({ min: 1, max: most }) })
const named = (tensors: readonly Omit<RaggedTensor, 'name'>[]): readonly RaggedTensor[] =>
  tensors.map((tensor, i) => ({ ...tensor, name: `t${String(i).padStart(3, '0')}` }))
const rowsOf = (name: string, rows: number, width: number, block: number): RaggedTensor => ({
  name,
  elements: rows * width,
  granularity: Math.min(rows, block) * width,
})

describe('hard lists', () => {
  test('cuts no block, overlaps nothing, and stays at or above its bound', () => {
    fc.assert(
      fc.property(
        fc.array(tensorOf(400), { minLength: 1, maxLength: 30 }),
        fc.integer({ min: 1, max: 40 }),
        fc.constantFrom(1, 4, 8),
        (list, devices, unit) => {
          const tensors = named(list)
          const { shardElements, offsets, bound } = layOut(tensors, devices, unit)
          expect(isSound(tensors, offsets, shardElements, devices)).toBe(true)
          expect(shardElements % unit).toBe(0)
          expect(shardElements).toBeGreaterThanOrEqual(bound.shardElements)
        },
      ),
      { numRuns: 300 },
    )
  })

  test('on tiny cases: the bound is never above the least shard, and a proved shard is the least', () => {
    let proved = 0
    fc.assert(
      fc.property(
        fc.array(tensorOf(24), { minLength: 1, maxLength: 4 }),
        fc.integer({ min: 1, max: 6 }),
        fc.constantFrom(1, 2, 4),
        (list, devices, unit) => {
          const tensors = named(list)
          const { shardElements, bound } = layOut(tensors, devices, unit)
          const least = leastShard(tensors, devices, unit)
          expect(bound.shardElements).toBeLessThanOrEqual(least)
          expect(shardElements).toBeGreaterThanOrEqual(least)
          if (bound.shardElements === shardElements) proved++
        },
      ),
      { numRuns: 1500, seed: 7 },
    )
    expect(proved).toBeGreaterThan(1350)
  })

  test('GPT-OSS-120B, rows of 128 over 1,024 devices: every smaller shard is refuted by orders', () => {
    const layer = [
      rowsOf('q', 4096, 2880, 128),
      rowsOf('k', 512, 2880, 128),
      rowsOf('v', 512, 2880, 128),
      rowsOf('o', 2880, 4096, 128),
      rowsOf('router', 128, 2880, 128),
      rowsOf('gate_up', 128 * 2880, 5760, 128),
      rowsOf('gate_up_bias', 128, 5760, 128),
      rowsOf('down', 128 * 2880, 2880, 128),
      rowsOf('down_bias', 128, 2880, 128),
    ]
    const { shardElements, bound } = layOut(layer, 1024, 8)
    expect(bound).toEqual({ shardElements, reason: 'orders' })
    expect(shardElements).toBeLessThanOrEqual(6_635_520)
  })

  test('experts of two widths over 131,072 devices: the granularities of both divide the shard', () => {
    const experts = Array.from({ length: 256 }, (_, i) => [
      rowsOf(`e${i}.gate`, 2048, 7168, 1),
      rowsOf(`e${i}.up`, 2048, 7168, 1),
      rowsOf(`e${i}.down`, 7168, 2048, 1),
    ]).flat()
    const { shardElements, bound } = layOut(experts, 131_072, 8)
    expect(shardElements % 7168).toBe(0)
    expect(shardElements % 2048).toBe(0)
    expect(bound.shardElements).toBe(shardElements)
  })

  test('a hard list ends: hundreds of unlike blocks without a common divisor', () => {
    const tensors = named(
      Array.from({ length: 300 }, (_, i) => ({ elements: (i + 3) * (2 * i + 101), granularity: 2 * i + 101 })),
    )
    const { shardElements, offsets } = layOut(tensors, 64, 8)
    expect(isSound(tensors, offsets, shardElements, 64)).toBe(true)
  })
})
