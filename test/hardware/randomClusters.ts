import * as fc from 'fast-check'
import type { ClusterDescription, DeviceGroup, HostDescription } from '../../src/hardware/index.js'

const rate = fc.double({ min: 1e6, max: 1e13, noNaN: true })
const latency = fc.oneof(fc.constant(0), fc.double({ min: 1e-9, max: 1e-2, noNaN: true }))
const link = fc.record({ bytesPerSecond: rate, latencySeconds: latency })

const group: fc.Arbitrary<DeviceGroup> = fc.record({
  kind: fc.constantFrom('generic', 'other'),
  count: fc.integer({ min: 1, max: 3 }),
  memoryBytes: fc.integer({ min: 1, max: 1e12 }),
})

const host: fc.Arbitrary<HostDescription> = fc.record({
  count: fc.integer({ min: 1, max: 3 }),
  groups: fc.array(group, { minLength: 1, maxLength: 3 }),
  interconnect: fc
    .tuple(link, fc.constantFrom('switch' as const, 'mesh' as const, 'pcie' as const))
    .map(([figures, topology]) => ({ ...figures, topology })),
  network: link,
})

/** Heterogeneous hosts, several groups of devices in each, every host with a network. */
export const randomCluster: fc.Arbitrary<ClusterDescription> = fc.record({
  name: fc.constant('random'),
  hosts: fc.array(host, { minLength: 1, maxLength: 4 }),
  transfers: fc.constantFrom('full-duplex' as const, 'half-duplex' as const, 'uncontended' as const),
})
