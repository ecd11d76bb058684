import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { shippedCollectiveTables } from '../../../src/cli/collectiveTables.js'
import {
  type CollectiveRequest,
  collectiveSeconds,
  collectives,
  constantsFor,
} from '../../../src/cost/collectives/index.js'
import type { Topology } from '../../../src/hardware/index.js'

const tables = shippedCollectiveTables()
const kinds = ['A100-SXM4-80GB', 'H100-SXM5-80GB', 'GB200-186GB', 'V100-SXM2-32GB', 'MI300X-192GB', 'of-tomorrow']
const rate = fc.double({ min: 1e8, max: 2e12, noNaN: true })
const bytes = fc.double({ min: 1, max: 1e12, noNaN: true })
const latencySeconds = fc.double({ min: 0, max: 1e-4, noNaN: true })

const requests = fc
  .record({
    collective: fc.constantFrom(...collectives),
    bytes,
    hosts: fc.integer({ min: 1, max: 600 }),
    ranksPerHost: fc.integer({ min: 1, max: 72 }),
    concurrentGroupsPerHost: fc.integer({ min: 1, max: 8 }),
    intra: rate,
    network: rate,
    latencySeconds,
    topology: fc.constantFrom<Topology>('switch', 'mesh', 'pcie'),
    kind: fc.constantFrom(...kinds),
  })
  .map(({ hosts, ranksPerHost, concurrentGroupsPerHost, ...r }): CollectiveRequest => {
    const isSend = r.collective === 'send'
    const group = isSend
      ? { ranks: 2, hosts: hosts > 1 ? 2 : 1, ranksPerHost: hosts > 1 ? 1 : 2 }
      : { ranks: hosts * ranksPerHost, hosts, ranksPerHost }
    return {
      collective: r.collective,
      bytes: r.bytes,
      group: { ...group, concurrentGroupsPerHost },
      links: {
        intra: { bytesPerSecond: r.intra, latencySeconds: r.latencySeconds, topology: r.topology },
        network: { bytesPerSecond: r.network, latencySeconds: 2 * r.latencySeconds },
      },
      constants: constantsFor(tables, r.kind),
    }
  })

const seconds = (request: CollectiveRequest) => collectiveSeconds(request).seconds
const more = fc.double({ min: 1, max: 100, noNaN: true })
const notAbove = (a: number, b: number): void => {
  expect(a).toBeLessThanOrEqual(b * (1 + 1e-12))
}

describe('collectiveSeconds', () => {
  test('is finite, positive for two ranks and more, and 0 for one', () => {
    fc.assert(
      fc.property(requests, (request) => {
        const cost = collectiveSeconds(request)
        expect(Number.isFinite(cost.seconds)).toBe(true)
        expect(cost.seconds > 0).toBe(request.group.ranks > 1)
        notAbove(cost.latencySeconds, cost.seconds)
      }),
    )
  })

  test('never takes less for more bytes', () => {
    fc.assert(fc.property(requests, more, (r, k) => notAbove(seconds(r), seconds({ ...r, bytes: k * r.bytes }))))
  })

  test('never takes longer on faster links of either tier', () => {
    fc.assert(
      fc.property(requests, more, more, (r, i, n) => {
        const { intra, network } = r.links
        const faster = {
          intra: { ...intra, bytesPerSecond: i * intra.bytesPerSecond },
          network: { ...network!, bytesPerSecond: n * network!.bytesPerSecond },
        }
        notAbove(seconds({ ...r, links: faster }), seconds(r))
      }),
    )
  })

  test('never takes less beside more groups of the same hosts', () => {
    fc.assert(
      fc.property(requests, (r) => {
        const crowded = { ...r.group, concurrentGroupsPerHost: 2 * r.group.concurrentGroupsPerHost! }
        notAbove(seconds(r), seconds({ ...r, group: crowded }))
      }),
    )
  })

  test('follows the factors of a calibration', () => {
    fc.assert(
      fc.property(requests, (r) => {
        const same = { intraRateShare: 1, networkRateShare: 1, latencyScale: 1 }
        expect(seconds({ ...r, calibration: same })).toBe(seconds(r))
        const slow = { intraRateShare: 0.5, networkRateShare: 0.5, latencyScale: 2 }
        notAbove(seconds(r), seconds({ ...r, calibration: slow }))
        expect(seconds({ ...r, calibration: slow })).toBeLessThanOrEqual(2 * seconds(r) * (1 + 1e-9))
      }),
    )
  })
})

const a100: CollectiveRequest = {
  collective: 'all-reduce',
  bytes: 1e12,
  group: { ranks: 8, hosts: 1, ranksPerHost: 8 },
  links: { intra: { bytesPerSecond: 3e11, latencySeconds: 1.9e-6, topology: 'switch' } },
  constants: constantsFor(tables, 'A100-SXM4-80GB'),
}

describe('closed forms', () => {
  test('a long all-reduce moves 2 (n - 1) / n of its bytes, and each rank copies its share', () => {
    const { intra } = a100.constants
    const { seconds, protocol, algorithm } = collectiveSeconds(a100)
    expect({ protocol, algorithm }).toEqual({ protocol: 'Simple', algorithm: 'ring' })
    expect(seconds / ((15 / 8) * (1e12 / (intra.rateShare * 3e11)))).toBeCloseTo(1, 2)
  })

  test('a short one waits for 2 (n - 1) hops', () => {
    const { library, intra } = a100.constants
    const { latencySeconds, protocol } = collectiveSeconds({ ...a100, bytes: 8 })
    expect(protocol).toBe('LL')
    expect(latencySeconds).toBeCloseTo(library.baseSeconds.LL + 14 * intra.latencyScale * library.ringHopSeconds.LL, 12)
  })

  test('a reduce-scatter and an all-gather take as long, and together no less than an all-reduce of long messages', () => {
    const [gather, scatter] = (['all-gather', 'reduce-scatter'] as const).map((collective) =>
      seconds({ ...a100, collective }),
    )
    expect(gather).toBe(scatter)
    notAbove(seconds(a100), 2 * gather)
  })

  test('trees beat rings on short messages of many hosts; switches that reduce on long ones', () => {
    const group = { ranks: 512, hosts: 64, ranksPerHost: 8 }
    const network = { bytesPerSecond: 4e11, latencySeconds: 4e-6 }
    const many = { ...a100, group, links: { ...a100.links, network } }
    expect(collectiveSeconds({ ...many, bytes: 1024 }).algorithm).toBe('tree')
    const h100 = { ...a100, constants: constantsFor(tables, 'H100-SXM5-80GB') }
    expect(collectiveSeconds(h100).algorithm).toBe('nvls')
  })

  test('hosts without a network between them are an error', () => {
    expect(() => collectiveSeconds({ ...a100, group: { ranks: 16, hosts: 2, ranksPerHost: 8 } })).toThrow(/no network/)
  })

  test('a kind that no generation names takes the generic constants', () => {
    expect(constantsFor(tables, 'A100-PCIe-80GB').generation).toBe('ampere')
    expect(constantsFor(tables, 'GB300-288GB').generation).toBe('blackwell')
    expect(constantsFor(tables, 'X1').generation).toBe('generic')
  })
})
