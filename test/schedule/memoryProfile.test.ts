import * as fc from 'fast-check'
import { expect, test } from 'vitest'
import { MemoryProfile } from '../../src/schedule/memoryProfile.js'

const change = fc.tuple(
  fc.nat(300),
  fc.oneof(fc.nat(320), fc.constant(Number.POSITIVE_INFINITY)),
  fc.integer({ min: -4, max: 9 }),
  fc.nat(310),
)

test('the peak from any time is that of the changes counted one by one', () => {
  fc.assert(
    fc.property(fc.array(change, { minLength: 1, maxLength: 200, size: 'max' }), (changes) => {
      const profile = new MemoryProfile()
      const held = new Float64Array(400)
      for (const [from, to, bytes, asked] of changes) {
        profile.add(from, to, bytes)
        for (let t = from; t < Math.min(to, held.length); t++) held[t] += bytes
        expect(profile.mostEver).toBeGreaterThanOrEqual(Math.max(0, ...held))
        expect(profile.peakFrom(asked)).toBe(Math.max(0, ...held.subarray(asked)))
        expect(profile.atEnd).toBe(held.at(-1))
        expect(profile.peakFrom(0)).toBe(Math.max(0, ...held))
        expect(profile.mostEver).toBe(Math.max(0, ...held))
      }
    }),
    { numRuns: 30 },
  )
})

test('50,000 steps, a peak asked at each', () => {
  const profile = new MemoryProfile()
  const before = performance.now()
  let wrong = 0
  for (let k = 1; k <= 50_000; k++) {
    profile.add(k, k + 2, 1)
    if (k > 1 && (profile.peakFrom(0) !== 2 || profile.peakFrom(k >> 1) !== 2)) wrong++
  }
  expect(wrong).toBe(0)
  expect(performance.now() - before).toBeLessThan(5000)
})
