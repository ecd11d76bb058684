import * as fc from 'fast-check'
import { expect, test } from 'vitest'
import { EventQueue } from '../../../src/simulate/engine/eventQueue.js'

test('the least time leaves first, then the least task, however often times move', () => {
  const step = fc.oneof(
    { weight: 3, arbitrary: fc.record({ task: fc.nat(199), time: fc.nat(40) }) },
    { weight: 1, arbitrary: fc.constant('pop' as const) },
  )
  fc.assert(
    fc.property(fc.array(step, { maxLength: 600, size: 'max' }), (steps) => {
      const queue = new EventQueue(200)
      const known = new Map<number, number>()
      const popOne = () => {
        const [task, time] = [...known].sort((a, b) => a[1] - b[1] || a[0] - b[0])[0]
        expect([queue.nextTime, queue.pop()]).toEqual([time, task])
        known.delete(task)
      }
      for (const each of steps) {
        if (each !== 'pop') {
          queue.set(each.task, each.time)
          known.set(each.task, each.time)
        } else if (known.size > 0) popOne()
        expect(queue.size).toBe(known.size)
      }
      while (known.size > 0) popOne()
    }),
    { numRuns: 50 },
  )
})
