import { expect, test } from 'vitest'
import { buildCluster, clusterSummary, resolveClusterName } from '../../src/hardware/index.js'
import { catalogue, presets } from './shipped.js'

const summary = (name: string) => clusterSummary(resolveClusterName(name, catalogue, presets))

test('equal hosts in a row are told once', () => {
  const { devices, hosts, memoryBytes, hostGroups } = summary('16xh100x8')
  expect([devices, hosts, memoryBytes]).toEqual([128, 16, 128 * 80 * 2 ** 30])
  expect(hostGroups).toHaveLength(1)
  expect(hostGroups[0]).toMatchObject({
    hosts: 16,
    firstDevice: 0,
    devices: [{ kind: 'H100-SXM5-80GB', count: 8, memoryBytes: 80 * 2 ** 30 }],
  })
})

test('a small cluster shows all its links, a large one two devices of two hosts of each sort', () => {
  expect(summary('2xh100x2').topology).toMatchObject({
    devices: [0, 1, 2, 3],
    labels: [
      ['X', 'SWITCH', 'NET', 'NET'],
      ['SWITCH', 'X', 'NET', 'NET'],
      ['NET', 'NET', 'X', 'SWITCH'],
      ['NET', 'NET', 'SWITCH', 'X'],
    ],
    links: [
      { label: 'SWITCH', between: 'devices of a host', bytesPerSecond: 450e9 },
      { label: 'NET', between: 'hosts', bytesPerSecond: 400e9 },
    ],
  })
  expect(summary('100xh100x8').topology.devices).toEqual([0, 1, 8, 9])
  expect(summary('100xh100x1').topology.devices).toEqual([0, 1])
  expect(summary('h100x1').topology.links).toEqual([])
})

test('unlike links of one sort are numbered, and mixed hosts list their groups', () => {
  const switched = (bytesPerSecond: number) => ({ topology: 'switch' as const, bytesPerSecond, latencySeconds: 0 })
  const network = { bytesPerSecond: 10, latencySeconds: 1 }
  const small = { kind: 'generic', count: 2, memoryBytes: 5 }
  const cluster = buildCluster(
    {
      name: 'mixed',
      transfers: 'half-duplex',
      hosts: [
        { count: 1, groups: [small], interconnect: switched(20), network },
        { count: 1, groups: [{ ...small, memoryBytes: 6 }, small], interconnect: switched(30), network },
      ],
    },
    'mixed.json',
  )
  const { hostGroups, topology } = clusterSummary(cluster)
  expect(hostGroups.map((group) => group.devices.map(({ count, memoryBytes }) => [count, memoryBytes]))).toEqual([
    [[2, 5]],
    [
      [2, 6],
      [2, 5],
    ],
  ])
  expect(topology.links.map(({ label, bytesPerSecond }) => [label, bytesPerSecond])).toEqual([
    ['SWITCH', 20],
    ['NET', 10],
    ['SWITCH2', 30],
  ])
  expect(topology.labels[2]).toEqual(['NET', 'NET', 'X', 'SWITCH2', 'SWITCH2', 'SWITCH2'])
})
