import * as fc from 'fast-check'
import { expect, test } from 'vitest'
import { flowNetwork } from '../../../src/place/throughput/minimumCut.js'

test('the least cut is that of trying every side, and its side is one of that value', () => {
  const arcs = fc.array(fc.tuple(fc.nat(6), fc.nat(6), fc.integer({ min: 0, max: 9 })), { maxLength: 24 })
  fc.assert(
    fc.property(arcs, (list) => {
      const network = flowNetwork(7)
      for (const [from, to, capacity] of list) network.arc(from, to, capacity)
      const cutBy = (isInside: (node: number) => boolean) =>
        list.reduce((sum, [from, to, capacity]) => (isInside(from) && !isInside(to) ? sum + capacity : sum), 0)
      let least = Number.POSITIVE_INFINITY
      for (let side = 0; side < 2 ** 7; side++)
        if (side & 1 && !(side & 64))
          least = Math.min(
            least,
            cutBy((node) => ((side >> node) & 1) === 1),
          )
      const cut = network.leastCut(0, 6)
      expect(cut.value).toBe(least)
      expect(cutBy(cut.isSourceSide)).toBe(least)
      expect(network.leastCut(0, 6).value).toBe(least)
    }),
  )
})
