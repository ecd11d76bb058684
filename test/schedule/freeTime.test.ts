import * as fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { FreeTime } from '../../src/schedule/index.js'

/** The same by a list of busy intervals. */
class NaiveFreeTime {
  readonly busy: { start: number; end: number }[] = []

  get tail(): number {
    return Math.max(0, ...this.busy.map(({ end }) => end))
  }

  fit(from: number, duration: number): number {
    if (duration === 0) return from
    const candidates = [from, ...this.busy.map(({ end }) => end).filter((end) => end > from)].sort((a, b) => a - b)
    return candidates.find((at) => this.busy.every(({ start, end }) => at + duration <= start || at >= end))!
  }

  book(start: number, end: number): void {
    if (end > start) this.busy.push({ start, end })
  }
}

const bookings = (largest: number, longest: number, minLength: number, maxLength: number) =>
  fc.array(fc.tuple(fc.nat(largest), fc.nat(longest)), { minLength, maxLength, size: 'max' })

function agree(list: readonly (readonly [from: number, duration: number])[]): void {
  const real = new FreeTime()
  const naive = new NaiveFreeTime()
  for (const [from, duration] of list) {
    const at = real.fit(from, duration)
    expect(at).toBe(naive.fit(from, duration))
    real.book(at, at + duration)
    naive.book(at, at + duration)
    expect(real.tail).toBe(naive.tail)
  }
}

describe('FreeTime', () => {
  test('the example of its docstring', () => {
    const free = new FreeTime()
    free.book(2, 5)
    free.book(6, 9)
    expect(free.fit(1, 2)).toBe(9)
    expect(free.fit(1, 1)).toBe(1)
    free.book(9, 11)
    expect([free.tail, free.fit(0, 2), free.fit(0, 3), free.fit(5, 1), free.fit(7, 0)]).toEqual([11, 0, 11, 5, 7])
  })

  test('agrees with a naive list, bookings dense and short', () => {
    fc.assert(fc.property(bookings(60, 8, 1, 80), agree), { numRuns: 300 })
  })

  test('agrees with a naive list, over many blocks of gaps', () => {
    fc.assert(fc.property(bookings(4000, 3, 300, 500), agree), { numRuns: 15 })
  })

  test('agrees when every hole is filled again', () => {
    const holes = Array.from({ length: 400 }, (_, k) => [10 * k + 5, 5] as const)
    const fills = holes.map((_, k) => [((k * 37) % 400) * 10, 1 + (k % 5)] as const)
    const long = Array.from({ length: 50 }, () => [0, 4] as const)
    agree([...holes, ...fills, ...long])
  })

  test('100,000 bookings behind as many holes stay quick', () => {
    const free = new FreeTime()
    const before = performance.now()
    for (let k = 0; k < 100_000; k++) free.book(10 * k + 1, 10 * k + 10)
    let last = 0
    for (let k = 0; k < 100_000; k++) {
      last = free.fit(0, 2)
      free.book(last, last + 2)
    }
    expect(last).toBe(1_000_000 + 2 * 99_999)
    expect(free.fit(0, 1)).toBe(0)
    expect(performance.now() - before).toBeLessThan(5000)
  })
})
