import fc from 'fast-check'
import { expect, test } from 'vitest'
import { Ledger, type MemoryKind } from '../../../src/cost/fsdpMemory/ledger.js'

const kinds = ['parameters', 'activations', 'allGather'] as const satisfies readonly MemoryKind[]
const events = fc.array(fc.tuple(fc.constantFrom(...kinds), fc.integer({ min: -50, max: 50 })), { maxLength: 8 })
type Events = readonly (readonly [MemoryKind, number])[]

function play(ledger: Ledger, list: Events): void {
  for (const [kind, bytes] of list) {
    ledger.during(kind)
    if (bytes > 0) ledger.take(kind, bytes)
    else ledger.release(kind, -bytes)
  }
}

test('a step to a power is the step that often: level, peak, its step and what was held', () => {
  fc.assert(
    fc.property(events, events, events, fc.integer({ min: 0, max: 6 }), (before, step, after, count) => {
      const fast = new Ledger()
      const slow = new Ledger()
      play(fast, before)
      play(slow, before)
      fast.repeat(count, () => play(fast, step))
      for (let round = 0; round < count; round++) play(slow, step)
      play(fast, after)
      play(slow, after)
      expect(fast.level).toBe(slow.level)
      expect(fast.peak()).toEqual(slow.peak())
    }),
    { numRuns: 2000 },
  )
})

test('an allocation is seen, a release is not; a restarted peak begins at the present level', () => {
  const ledger = new Ledger()
  ledger.during('one')
  ledger.run(10, -4)
  ledger.during('two')
  ledger.take('gradients', 3)
  expect(ledger.restartPeak()).toEqual({ bytes: 10, step: 'one', bytesByKind: { activations: 10 } })
  ledger.run(-5)
  expect(ledger.peak()).toEqual({ bytes: 9, step: 'two', bytesByKind: { activations: 6, gradients: 3 } })
  ledger.releaseAll('gradients')
  expect(ledger.level).toBe(1)
})
