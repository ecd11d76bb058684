import { fail } from '../errors/index.js'
import { deviceSheet } from './findKind.js'
import type { Cluster, DeviceCatalogue, DevicePrice, DeviceSheet } from './types.js'

/** The equal devices of one training run, as a stowage.run states them. */
export interface RunCluster {
  readonly sheet: DeviceSheet
  readonly devices: number
  readonly devicesPerHost: number
  /** Devices that share one fast interconnect: a host, or a rack of them. */
  readonly domainDevices: number
  /** Per device and direction. */
  readonly intraHostBytesPerSecond: number
  /** Per host of `devicesPerHost` and direction. */
  readonly interHostBytesPerSecond: number
  readonly memoryBytes: number
  /** What the job's own all-reduce test reached, bus bandwidth; a hint at the health of its network. */
  readonly observedAllReduceBytesPerSecond?: number
  /** Of one host's own memory. */
  readonly hostMemoryBytesPerSecond?: number
  /** In place of the data sheet's. */
  readonly price?: DevicePrice
}

/** How a group of ranks lies on the domains of a cluster. */
export interface GroupShape {
  readonly ranks: number
  readonly ranksPerDomain: number
  readonly domains: number
  /** Groups alike that share the network of one domain. */
  readonly groupsPerDomain: number
}

/**
 * Where the ranks 0, stride, 2 stride, ... of a mesh lie when domains are filled in order. Axes that do not divide a domain are rounded to the
 * whole groups that fit.
 */
export function groupShape(ranks: number, stride: number, domainDevices: number): GroupShape {
  const ranksPerDomain = Math.max(1, Math.min(ranks, Math.floor(domainDevices / stride)))
  return {
    ranks,
    ranksPerDomain,
    domains: Math.ceil(ranks / ranksPerDomain),
    groupsPerDomain: Math.max(1, Math.floor(domainDevices / ranksPerDomain)),
  }
}

/** A described cluster as a training run sees it: equal devices, of one kind, on hosts alike. E505 where they differ. */
export function runClusterOf(cluster: Cluster, catalogue: DeviceCatalogue, where: string): RunCluster {
  const [first] = cluster.devices
  const [host] = cluster.hosts
  const isAlike =
    cluster.devices.every((device) => device.kind === first.kind && device.memoryBytes === first.memoryBytes) &&
    cluster.hosts.every((each) => each.deviceCount === host.deviceCount)
  if (!isAlike)
    fail('E505', `${cluster.name} mixes devices or hosts`, { where, expected: 'devices of one kind on hosts alike' })
  const sheet = deviceSheet(catalogue, first.kind, where)
  const perBoard = Math.min(sheet.host.devicesPerHost, host.deviceCount)
  const devicesPerHost = host.deviceCount % perBoard === 0 ? perBoard : host.deviceCount
  const boards = host.deviceCount / devicesPerHost
  return {
    sheet,
    devices: cluster.devices.length,
    devicesPerHost,
    domainDevices: host.deviceCount,
    intraHostBytesPerSecond: first.interconnect.bytesPerSecond,
    interHostBytesPerSecond: (host.network?.bytesPerSecond ?? boards * sheet.host.network.bytesPerSecond) / boards,
    memoryBytes: first.memoryBytes,
  }
}
