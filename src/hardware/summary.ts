import { type LinkMatrix, linkMatrix } from './linkMatrix.js'
import type { Cluster, Host, Interconnect, Link, Transfers } from './types.js'

/** A cluster as a person takes it in: equal hosts in a row told once, and the links between representative devices. */
export interface ClusterSummary {
  readonly name: string
  readonly devices: number
  readonly hosts: number
  readonly memoryBytes: number
  readonly transfers: Transfers
  readonly hostGroups: readonly HostGroup[]
  readonly topology: LinkMatrix
}

export interface HostGroup {
  /** Consecutive hosts that are alike. */
  readonly hosts: number
  readonly firstDevice: number
  readonly devices: readonly { readonly kind: string; readonly count: number; readonly memoryBytes: number }[]
  readonly interconnect: Interconnect
  readonly network?: Link
}

export function clusterSummary(cluster: Cluster): ClusterSummary {
  return {
    name: cluster.name,
    devices: cluster.devices.length,
    hosts: cluster.hosts.length,
    memoryBytes: cluster.devices.reduce((sum, device) => sum + device.memoryBytes, 0),
    transfers: cluster.transfers,
    hostGroups: hostGroups(cluster),
    topology: linkMatrix(cluster),
  }
}

function hostGroups(cluster: Cluster): HostGroup[] {
  const groups: HostGroup[] = []
  let last = ''
  for (const host of cluster.hosts) {
    const group = describe(cluster, host)
    const key = JSON.stringify({ ...group, firstDevice: 0 })
    const before = groups.at(-1)
    if (before && key === last) groups[groups.length - 1] = { ...before, hosts: before.hosts + 1 }
    else groups.push(group)
    last = key
  }
  return groups
}

function describe(cluster: Cluster, { firstDevice, deviceCount, network }: Host): HostGroup {
  const devices: { kind: string; count: number; memoryBytes: number }[] = []
  for (let d = firstDevice; d < firstDevice + deviceCount; d++) {
    const { kind, memoryBytes } = cluster.devices[d]
    const before = devices.at(-1)
    if (before?.kind === kind && before.memoryBytes === memoryBytes) before.count++
    else devices.push({ kind, count: 1, memoryBytes })
  }
  const { interconnect } = cluster.devices[firstDevice]
  return { hosts: 1, firstDevice, devices, interconnect, ...(network && { network }) }
}
