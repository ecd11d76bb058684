import * as fc from 'fast-check'
import { expect, test } from 'vitest'
import { MemoryChanges, memoryPeaksOf, playTasks, TaskGraphBuilder } from '../../../src/simulate/engine/index.js'

/** Tasks one after the other, a tick each: task t runs from t to t + 1. */
function chain(length: number) {
  const builder = new TaskGraphBuilder()
  for (let task = 0; task < length; task++) builder.task({ ticks: 1, streams: [0] })
  return playTasks(builder.build())
}

test('says how much, when, what of and because of whom', () => {
  const changes = new MemoryChanges()
  changes.hold(0, 100, 0)
  changes.add(0, 1, 'start', 40, 1)
  changes.add(0, 2, 'start', 5, 2)
  changes.add(0, 2, 'start', 7, 1)
  changes.add(0, 3, 'end', -40, 1)
  changes.hold(1, 9, 2)
  expect(memoryPeaksOf(changes, chain(4), { devices: 3, categories: 3 })).toEqual([
    { bytes: 152, time: 2, byCategory: [100, 47, 5], task: 2 },
    { bytes: 9, time: 0, byCategory: [0, 0, 9], task: -1 },
    { bytes: 0, time: 0, byCategory: [0, 0, 0], task: -1 },
  ])
})

test('what ends at a time makes room for what starts at it', () => {
  const changes = new MemoryChanges()
  changes.add(0, 1, 'start', 10, 0)
  changes.add(0, 0, 'start', 10, 0)
  changes.add(0, 1, 'end', -10, 0)
  changes.add(0, 0, 'end', -10, 0)
  expect(memoryPeaksOf(changes, chain(2), { devices: 1, categories: 1 })).toEqual([
    { bytes: 10, time: 0, byCategory: [10], task: 0 },
  ])
})

test('what is held for no time is not held', () => {
  const changes = new MemoryChanges()
  changes.add(0, 0, 'end', 10, 0)
  changes.add(0, 1, 'start', -10, 0)
  expect(memoryPeaksOf(changes, chain(2), { devices: 1, categories: 1 })[0].bytes).toBe(0)
})

test('equals the largest sum over all half-open intervals that hold a time', () => {
  const length = 12
  const interval = fc.record({
    device: fc.nat(2),
    from: fc.nat(length - 1),
    last: fc.nat(length - 1),
    bytes: fc.integer({ min: 1, max: 1000 }),
    category: fc.nat(2),
  })
  fc.assert(
    fc.property(fc.array(interval, { maxLength: 200, size: 'max' }), (intervals) => {
      const changes = new MemoryChanges()
      // From the start of one task to the end of another; those the wrong way round are of no length.
      const held = intervals.map((each) => ({ ...each, to: Math.max(each.from, each.last + 1) }))
      for (const { device, from, to, bytes, category } of held) {
        changes.add(device, from, 'start', bytes, category)
        if (to > from) changes.add(device, to - 1, 'end', -bytes, category)
        else changes.add(device, from, 'start', -bytes, category)
      }
      const peaks = memoryPeaksOf(changes, chain(length), { devices: 3, categories: 3 })
      peaks.forEach((peak, d) => {
        const at = (time: number) => held.filter(({ device, from, to }) => device === d && from <= time && time < to)
        const sums = Array.from({ length }, (_, time) => at(time).reduce((sum, { bytes }) => sum + bytes, 0))
        const most = Math.max(...sums)
        expect([peak.bytes, peak.time]).toEqual([most, sums.indexOf(most)])
        const parts = [0, 0, 0]
        for (const { category, bytes } of at(peak.time)) parts[category] += bytes
        expect(peak.byCategory).toEqual(parts)
        if (most > 0) expect(peak.task).toBe(peak.time)
      })
    }),
    { numRuns: 200 },
  )
})
