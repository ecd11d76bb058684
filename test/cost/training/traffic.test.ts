import { describe, expect, test } from 'vitest'
import type { GroupLink } from '../../../src/cost/training/links.js'
import { exchangesSeconds, travelling } from '../../../src/cost/training/traffic.js'

/** 4 hosts of 8, two groups that share each host's network. */
const link: GroupLink = {
  ranks: 16,
  domains: 4,
  groupsPerDomain: 2,
  intraBytesPerSecond: 100,
  networkBytesPerSecond: 40,
  slowdown: 1,
  latencySeconds: 0,
}

const seconds = (traffic: object | undefined, turns = 2) => exchangesSeconds(travelling(link, 1000, traffic, 4, turns))

describe('what an exchange takes', () => {
  test('as the stack sends: a ring over all, at the rate of its slowest hop', () => {
    expect(seconds(undefined)).toBeCloseTo((2 * 4000 * 15) / 16 / 20, 9)
    expect(seconds({ insideBytes: 1, acrossBytes: 1 })).toBeCloseTo((2 * 1000 * 15) / 16 / 20, 9)
  })

  test('unlike bytes: inside a host first, then a quarter a rank across', () => {
    const inside = (2 * 1000 * 3) / 4 / 100
    // Four ranks of each of two groups share 40 a second.
    const across = (2 * (500 / 4) * 3) / 4 / (40 / 8)
    expect(seconds({ insideBytes: 1, acrossBytes: 0.5 })).toBeCloseTo(inside + across, 9)
  })

  test('sparse: every part to every rank, once', () => {
    expect(seconds({ insideBytes: 0.5, acrossBytes: 0.5, sparse: true })).toBeCloseTo((500 * 15) / 20, 9)
  })

  test('inside one host across bytes do not matter', () => {
    const near = { ...link, ranks: 4, domains: 1, networkBytesPerSecond: Number.POSITIVE_INFINITY }
    expect(exchangesSeconds(travelling(near, 1000, { insideBytes: 1, acrossBytes: 9 }, 4, 1))).toBeCloseTo(7.5, 9)
  })

  test('one rank a host sends across only', () => {
    const far = { ...link, ranks: 4 }
    expect(exchangesSeconds(travelling(far, 1000, { insideBytes: 9, acrossBytes: 1 }, 4, 1))).toBeCloseTo(750 / 20, 9)
  })
})
