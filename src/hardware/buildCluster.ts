import { Problems } from '../errors/index.js'
import type { Cluster, ClusterDescription, Device, Host, HostDescription } from './types.js'

/** Ten times the largest machine planned for today; a slip of the keyboard must not fill the memory. */
export const mostDevices = 1_000_000

/**
 * Numbers the devices of a cluster: hosts in order, each `count` times, then the groups inside (FORMATS, Numbering).
 * Throws E502 for hosts without devices, E204 for absurd sizes, E504 for hosts that cannot reach the others, all at once.
 */
export function buildCluster(description: ClusterDescription, where: string): Cluster {
  check(description, where)
  const devices: Device[] = []
  const hosts: Host[] = []
  for (const { count, groups, interconnect, network } of description.hosts) {
    for (let copy = 0; copy < count; copy++) {
      const host = hosts.length
      const firstDevice = devices.length
      for (const { kind, sheet, count: equals, memoryBytes } of groups) {
        const device: Device = { kind, ...(sheet && { sheet }), host, memoryBytes, interconnect }
        for (let k = 0; k < equals; k++) devices.push(device)
      }
      hosts.push({ firstDevice, deviceCount: devices.length - firstDevice, ...(network && { network }) })
    }
  }
  return { name: description.name, devices, hosts, transfers: description.transfers }
}

/** Devices of one host. */
export function devicesIn(host: HostDescription): number {
  return host.groups.reduce((sum, group) => sum + group.count, 0)
}

function check({ hosts }: ClusterDescription, where: string): void {
  const problems = new Problems()
  const hostCount = hosts.reduce((sum, { count }) => sum + count, 0)
  const deviceCount = hosts.reduce((sum, host) => sum + host.count * devicesIn(host), 0)
  if (hosts.length === 0) problems.add('E502', 'the cluster has no hosts', { where: `${where}#/hosts` })
  if (deviceCount > mostDevices) {
    const expected = `at most ${mostDevices} devices`
    problems.add('E204', 'the cluster is too large', { where: `${where}#/hosts`, expected, found: `${deviceCount}` })
  }
  hosts.forEach((host, i) => {
    const at = `${where}#/hosts/${i}`
    if (host.count === 0 || devicesIn(host) === 0)
      problems.add('E502', `host ${i} has no devices`, { where: at, fix: 'give counts of 1 or more, or drop the host' })
    if (hostCount > 1 && !host.network) {
      problems.add('E504', `host ${i} has no network to reach the other hosts`, {
        where: `${at}/network`,
        expected: '{ "bytesPerSecond": ..., "latencySeconds": ... }, per host and direction',
      })
    }
  })
  problems.throwIfAny()
}
