import * as fc from 'fast-check'
import { expect, test } from 'vitest'
import { UserError } from '../../src/errors/index.js'
import { buildCluster, type ClusterDescription, type HostDescription, mostDevices } from '../../src/hardware/index.js'
import { randomCluster } from './randomClusters.js'

const host: HostDescription = {
  count: 1,
  groups: [{ kind: 'generic', count: 2, memoryBytes: 1e9 }],
  interconnect: { topology: 'switch', bytesPerSecond: 1e9, latencySeconds: 1e-6 },
  network: { bytesPerSecond: 1e8, latencySeconds: 1e-5 },
}
const clusterOf = (...hosts: HostDescription[]): ClusterDescription => ({
  name: 'test',
  hosts,
  transfers: 'full-duplex',
})

function problemsOf(description: ClusterDescription) {
  try {
    buildCluster(description, 'c.json')
  } catch (error) {
    if (error instanceof UserError) return error.problems.map(({ code, where }) => `${code} ${where}`)
    throw error
  }
  return []
}

test('numbers hosts in order, each its count, then the groups inside', () => {
  const mixed: HostDescription = {
    ...host,
    count: 2,
    groups: [
      { kind: 'generic', count: 1, memoryBytes: 7 },
      { kind: 'other', count: 2, memoryBytes: 8 },
    ],
  }
  const { devices, hosts } = buildCluster(clusterOf(host, mixed), 'c.json')
  expect(devices.map((device) => `${device.host}:${device.kind}:${device.memoryBytes}`)).toEqual([
    ...['0:generic:1000000000', '0:generic:1000000000'],
    ...['1:generic:7', '1:other:8', '1:other:8', '2:generic:7', '2:other:8', '2:other:8'],
  ])
  expect(hosts.map(({ firstDevice, deviceCount }) => [firstDevice, deviceCount])).toEqual([
    [0, 2],
    [2, 3],
    [5, 3],
  ])
})

test('hosts tile the devices without gaps', () => {
  fc.assert(
    fc.property(randomCluster, (description) => {
      const { devices, hosts } = buildCluster(description, 'random')
      let next = 0
      hosts.forEach(({ firstDevice, deviceCount }, h) => {
        expect(firstDevice).toBe(next)
        for (let d = firstDevice; d < firstDevice + deviceCount; d++) expect(devices[d].host).toBe(h)
        next += deviceCount
      })
      expect(next).toBe(devices.length)
    }),
  )
})

test('one host needs no network, several do', () => {
  const alone = { ...host, network: undefined }
  expect(problemsOf(clusterOf(alone))).toEqual([])
  expect(problemsOf(clusterOf({ ...alone, count: 2 }))).toEqual(['E504 c.json#/hosts/0/network'])
  expect(problemsOf(clusterOf(host, alone))).toEqual(['E504 c.json#/hosts/1/network'])
})

test('refuses clusters without devices and absurd ones before allocating, all problems at once', () => {
  expect(problemsOf(clusterOf())).toEqual(['E502 c.json#/hosts'])
  expect(problemsOf(clusterOf({ ...host, groups: [] }, { ...host, count: 0 }))).toEqual([
    'E502 c.json#/hosts/0',
    'E502 c.json#/hosts/1',
  ])
  expect(problemsOf(clusterOf({ ...host, count: 1e15 }, { ...host, groups: [] }))).toEqual([
    'E204 c.json#/hosts',
    'E502 c.json#/hosts/1',
  ])
  expect(problemsOf(clusterOf({ ...host, count: mostDevices / 2 + 1 }))).toEqual(['E204 c.json#/hosts'])
})
