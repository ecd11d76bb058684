import * as fc from 'fast-check'
import { expect, test } from 'vitest'
import { sortedByTime } from '../../src/schedule/sortedByTime.js'

const stable = (times: readonly number[]) => times.map((_, k) => k).sort((a, b) => times[a] - times[b] || a - b)

/** Lehmer's generator. */
function numbers(count: number, largest: number): number[] {
  let state = 11
  return Array.from({ length: count }, () => {
    state = (state * 48_271) % 2_147_483_647
    return Math.floor((state / 2_147_483_647) * largest)
  })
}

test('is a stable sort of short lists', () => {
  fc.assert(
    fc.property(fc.array(fc.oneof(fc.nat(5), fc.nat({ max: 2 ** 31 - 1 }))), (times) => {
      expect([...sortedByTime(Float64Array.from(times))]).toEqual(stable(times))
    }),
  )
})

test.each([
  [2047, 2 ** 52],
  [2048, 2 ** 52],
  [5000, 1],
  [5000, 10],
  [5000, 2 ** 16],
  [5000, 2 ** 16 + 1],
  [5000, 2 ** 32],
  [20_000, 2 ** 48 + 3],
  [20_000, 2 ** 52],
])('is a stable sort of %i times below %i', (count, largest) => {
  const times = numbers(count, largest)
  times[count >> 1] = largest
  times[count >> 2] = 0
  expect([...sortedByTime(Float64Array.from(times))]).toEqual(stable(times))
})

test('neighbours at 2^52 are told apart', () => {
  const times = Array.from({ length: 3000 }, (_, k) => 2 ** 52 - ((k * 7) % 3000))
  expect([...sortedByTime(Float64Array.from(times))]).toEqual(stable(times))
})
