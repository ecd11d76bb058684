import * as fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import {
  buildCluster,
  type Cluster,
  type ClusterDescription,
  linkClasses,
  resolveClusterName,
  transferLink,
  transferSeconds,
} from '../../src/hardware/index.js'
import { randomCluster } from './randomClusters.js'
import { catalogue, presets } from './shipped.js'

/** Seconds by the words of FORMATS, from the description alone: devices numbered host by host, then the rule for each kind of pair. */
function secondsByTheRules({ hosts }: ClusterDescription, from: number, to: number, bytes: number): number {
  const ends = hosts.flatMap(({ count, groups, interconnect, network }, i) =>
    Array.from({ length: count }, (_, copy) =>
      groups.flatMap(({ count: equal }) =>
        Array.from({ length: equal }, () => ({ host: `${i}.${copy}`, interconnect, network: network! })),
      ),
    ).flat(),
  )
  const [a, b] = [ends[from], ends[to]]
  if (a.host === b.host) return a.interconnect.latencySeconds + bytes / a.interconnect.bytesPerSecond
  const rates = [a.network, b.network, a.interconnect, b.interconnect].map((link) => link.bytesPerSecond)
  return Math.max(a.network.latencySeconds, b.network.latencySeconds) + bytes / Math.min(...rates)
}

const pair = (cluster: Cluster) => {
  const n = cluster.devices.length
  return fc.tuple(fc.integer({ min: 0, max: n - 1 }), fc.integer({ min: 0, max: n - 1 }))
}
const bytes = fc.integer({ min: 0, max: 1e12 })

test('two DGX H100: 450 GB/s inside, 400 GB/s between', () => {
  const cluster = resolveClusterName('2xh100x8', catalogue, presets)
  expect(transferLink(cluster, 0, 7)).toEqual({ bytesPerSecond: 450e9, latencySeconds: 1.9e-6 })
  expect(transferLink(cluster, 7, 8)).toEqual({ bytesPerSecond: 400e9, latencySeconds: 4e-6 })
  expect(transferSeconds(transferLink(cluster, 0, 1), 45e6)).toBeCloseTo(101.9e-6, 15)
  expect(transferSeconds(transferLink(cluster, 0, 15), 0)).toBe(4e-6)
})

describe('on random heterogeneous clusters', () => {
  const located = randomCluster.chain((description) => {
    const cluster = buildCluster(description, 'random')
    return fc.tuple(fc.constant(description), fc.constant(cluster), pair(cluster), bytes)
  })

  test('transfers take what the format says, to the bit', () => {
    fc.assert(
      fc.property(located, ([description, cluster, [from, to], size]) => {
        const seconds = transferSeconds(transferLink(cluster, from, to), size)
        expect(seconds).toBe(secondsByTheRules(description, from, to, size))
      }),
      { numRuns: 1000 },
    )
  })

  test('a link is the same both ways', () => {
    fc.assert(
      fc.property(located, ([, cluster, [from, to]]) => {
        expect(transferLink(cluster, from, to)).toEqual(transferLink(cluster, to, from))
      }),
    )
  })

  test('more bandwidth anywhere is never slower', () => {
    fc.assert(
      fc.property(located, fc.nat(), fc.boolean(), ([description, cluster, [from, to], size], pick, inside) => {
        const widened = pick % description.hosts.length
        const hosts = description.hosts.map((host, i) => {
          if (i !== widened) return host
          const wider = <T extends { bytesPerSecond: number }>(link: T): T => ({
            ...link,
            bytesPerSecond: link.bytesPerSecond * 3,
          })
          return inside
            ? { ...host, interconnect: wider(host.interconnect) }
            : { ...host, network: wider(host.network!) }
        })
        const faster = buildCluster({ ...description, hosts }, 'wider')
        const before = transferSeconds(transferLink(cluster, from, to), size)
        expect(transferSeconds(transferLink(faster, from, to), size)).toBeLessThanOrEqual(before)
      }),
    )
  })

  test('the table of links holds the link of every pair, each distinct one once', () => {
    fc.assert(
      fc.property(randomCluster, (description) => {
        const cluster = buildCluster(description, 'random')
        const n = cluster.devices.length
        const { classIndex, links } = linkClasses(cluster)
        for (let from = 0; from < n; from++)
          for (let to = 0; to < n; to++)
            expect(links[classIndex[from * n + to]]).toEqual(transferLink(cluster, from, to))
        expect(new Set(links.map((link) => JSON.stringify(link))).size).toBe(links.length)
        expect(new Set(classIndex).size).toBe(links.length)
      }),
    )
  })
})

test('devices of one host with unlike interconnects meet at the worse of both', () => {
  const { devices, hosts } = resolveClusterName('h100x2', catalogue, presets)
  const slow = { topology: 'pcie' as const, bytesPerSecond: 1e9, latencySeconds: 1e-9 }
  const cluster: Cluster = {
    name: 'unlike',
    transfers: 'full-duplex',
    hosts,
    devices: [devices[0], { ...devices[1], interconnect: slow }],
  }
  const met = { bytesPerSecond: 1e9, latencySeconds: 1.9e-6 }
  expect(transferLink(cluster, 0, 1)).toEqual(met)
  expect(transferLink(cluster, 1, 0)).toEqual(met)
  const { classIndex, links } = linkClasses(cluster)
  expect([links[classIndex[1]], links[classIndex[2]]]).toEqual([met, met])
})

test('2,048 devices share two links', () => {
  const { classIndex, links } = linkClasses(resolveClusterName('256xh100x8', catalogue, presets))
  expect(links.map((link) => link.bytesPerSecond)).toEqual([450e9, 400e9])
  const inside = classIndex.reduce((sum, index) => sum + (index === 0 ? 1 : 0), 0)
  expect(inside).toBe(2048 * 8)
})

test('a table for more devices than memory should hold is refused', () => {
  const cluster = resolveClusterName('1025xh100x8', catalogue, presets)
  expect(() => linkClasses(cluster)).toThrow(/too many devices/)
})

test('hosts without a network cannot reach each other', () => {
  const { devices } = resolveClusterName('2xh100x1', catalogue, presets)
  const hosts = [0, 1].map((firstDevice) => ({ firstDevice, deviceCount: 1 }))
  const cluster: Cluster = { name: 'cut', transfers: 'full-duplex', devices, hosts }
  expect(() => transferLink(cluster, 0, 1)).toThrow(expect.objectContaining({ code: 'E504' }))
})
