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
  for (const [h, host] of cluster.hosts.entries()) {
    const like = groups.at(-1)
    if (like && isCopy(cluster, cluster.hosts[h - 1], host)) {
      groups[groups.length - 1] = { ...like, hosts: like.hosts + 1 }
      continue
    }
    const group = describe(cluster, host)
    const key = JSON.stringify({ ...group, firstDevice: 0 })
    const before = groups.at(-1)
    if (before && key === last) groups[groups.length - 1] = { ...before, hosts: before.hosts + 1 }
    else groups.push(group)
    last = key
  }
  return groups
}

/** Copies of one described host share its links as objects. */
function isCopy({ devices }: Cluster, before: Host, host: Host): boolean {
  if (before.deviceCount !== host.deviceCount || before.network !== host.network) return false
  for (let k = 0; k < host.deviceCount; k++) {
    const [a, b] = [devices[before.firstDevice + k], devices[host.firstDevice + k]]
    if (a.interconnect !== b.interconnect || a.kind !== b.kind || a.memoryBytes !== b.memoryBytes) return false
  }
  return true
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
