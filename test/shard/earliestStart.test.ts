import fc from 'fast-check'
import { expect, test } from 'vitest'
import { earliestStart } from '../../src/shard/earliestStart.js'
import { isSound } from './ragged.js'

test('the closed form is the first start that stepping finds, and Infinity where there is none', () => {
  const small = (max: number) => fc.integer({ min: 1, max })
  fc.assert(
    fc.property(small(60), small(60), small(20), small(30), (from, elements, granularity, shard) => {
      fc.pre(granularity <= shard)
      const devices = Math.ceil((from + elements) / shard) + 4
      const tensor = { name: 't', elements, granularity: Math.min(elements, granularity) }
      let stepped = from
      while (stepped <= from + 3 * shard && !isSound([tensor], [stepped], shard, devices)) stepped++
      const found = earliestStart(from, elements, tensor.granularity, shard)
      expect(found).toBe(stepped > from + 3 * shard ? Number.POSITIVE_INFINITY : stepped)
    }),
    { numRuns: 3000 },
  )
})
