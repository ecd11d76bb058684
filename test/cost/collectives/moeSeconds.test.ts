import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { shippedCollectiveTables } from '../../../src/cli/collectiveTables.js'
import { type ExpertExchange, moeSeconds } from '../../../src/cost/collectives/index.js'

const constants = shippedCollectiveTables().expertExchange
const h800 = (ranks: number, change: Partial<ExpertExchange> = {}): ExpertExchange => ({
  tokens: 128,
  hidden: 7168,
  topK: 8,
  experts: 256,
  dtype: 'fp8',
  mode: 'low-latency',
  group: { ranks, hosts: Math.ceil(ranks / 8), ranksPerHost: Math.min(8, ranks) },
  links: {
    intra: { bytesPerSecond: 2e11, latencySeconds: 1.9e-6, topology: 'switch' },
    network: { bytesPerSecond: 4e11, latencySeconds: 4e-6 },
  },
  constants,
  ...change,
})

/** DeepEP, README, "Low-latency kernels": microseconds of dispatch (fp8) and combine (bf16) by ranks, H800. */
const published: [number, number, number][] = [
  [16, 118, 195],
  [32, 155, 273],
  [64, 173, 314],
  [128, 192, 369],
  [256, 194, 360],
]

describe('moeSeconds', () => {
  test.each(published)('%i ranks: %i us to the experts and %i us back, within 5 %%', (ranks, dispatch, combine) => {
    expect(Math.abs(moeSeconds(h800(ranks)).seconds / (1e-6 * dispatch) - 1)).toBeLessThan(0.05)
    const back = moeSeconds(h800(ranks, { dtype: 'bf16' })).seconds
    expect(Math.abs(back / (1e-6 * combine) - 1)).toBeLessThan(0.05)
  })

  test('copies that leave the host are 7,392 bytes each: 8-bit values and a scale for every 128', () => {
    const { seconds, latencySeconds } = moeSeconds(h800(16))
    const leaving = 128 * 8 * 7392 * (1 - 8 / 16)
    expect(seconds - latencySeconds).toBeCloseTo(leaving / (constants.lowLatency.rateShare * 5e10), 12)
  })

  test('normal mode sends a token once to each host, so with every host chosen the experts do not matter', () => {
    const normal = (topK: number) => moeSeconds(h800(16, { mode: 'normal', topK, tokens: 4096 })).seconds
    const copies = moeSeconds(h800(16, { tokens: 4096 })).seconds
    expect(normal(8)).toBeLessThan(copies)
    const all = normal(256)
    const wire = (4096 * 7392) / (constants.normalNetwork.rateShare * 5e10)
    const spread = (4096 * 7392 * 16 * (7 / 8)) / (constants.intra.rateShare * 2e11)
    expect(all - constants.lowLatency.seconds).toBeCloseTo(Math.max(wire, spread), 9)
  })

  test('is 0 for one rank, finite for any group, and no less for more tokens', () => {
    expect(moeSeconds(h800(1)).seconds).toBe(0)
    const size = fc.integer({ min: 1, max: 4096 })
    const modes = fc.constantFrom('normal' as const, 'low-latency' as const)
    fc.assert(
      fc.property(size, size, size, modes, (ranks, tokens, topK, mode) => {
        const cost = moeSeconds(h800(ranks, { tokens, topK, mode, experts: 4096 })).seconds
        expect(Number.isFinite(cost)).toBe(true)
        expect(
          moeSeconds(h800(ranks, { tokens: 2 * tokens, topK, mode, experts: 4096 })).seconds,
        ).toBeGreaterThanOrEqual(cost)
      }),
    )
  })
})
