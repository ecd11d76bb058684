import { groupShape, type RunCluster } from '../../hardware/index.js'
import { type MeshAxis, meshStride } from '../../model/index.js'
import type { CostContext } from './context.js'

/** What a group of ranks finds between its members. */
export interface GroupLink {
  readonly ranks: number
  readonly domains: number
  /** Groups alike that share the network of one domain. */
  readonly groupsPerDomain: number
  /** Of one rank and direction, inside a domain. */
  readonly intraBytesPerSecond: number
  /** Of one domain and direction, all groups together; infinite inside a domain. */
  readonly networkBytesPerSecond: number
  /** At least 1: bytes across domains cost so many times as much, for congestion. */
  readonly slowdown: number
  readonly latencySeconds: number
}

/** The groups along an axis of the mesh. */
export function groupLink(context: CostContext, axis: MeshAxis): GroupLink {
  const { degrees } = context.sharing
  return linkOf(context, degrees[axis], meshStride(degrees, axis))
}

/** Groups of `ranks` that lie `stride` apart. */
export function linkOf({ cluster, coefficients: c }: CostContext, ranks: number, stride: number): GroupLink {
  const { domains, groupsPerDomain } = groupShape(ranks, stride, cluster.domainDevices)
  const crosses = domains > 1
  return {
    ranks,
    domains,
    groupsPerDomain,
    intraBytesPerSecond: c.intraRateShare * cluster.intraHostBytesPerSecond,
    networkBytesPerSecond: crosses ? c.interRateShare * domainNetwork(cluster) : Number.POSITIVE_INFINITY,
    slowdown: crosses ? Math.max(1, domains / 4) ** c.congestionExponent : 1,
    latencySeconds: c.collectiveSeconds + (crosses ? c.hostHopSeconds * Math.log2(domains) : 0),
  }
}

/**
 * Bytes a second of one rank when every group alike is busy at once. A ring enters and leaves each domain once, so the ranks that a group has there
 * move together at the rate of that one crossing.
 */
export function ringRate(link: GroupLink): number {
  return Math.min(link.intraBytesPerSecond, link.networkBytesPerSecond / link.groupsPerDomain / link.slowdown)
}

/** Network of one domain: that of its hosts together. */
export function domainNetwork({ domainDevices, devices, devicesPerHost, interHostBytesPerSecond }: RunCluster): number {
  return interHostBytesPerSecond * Math.max(1, Math.min(domainDevices, devices) / devicesPerHost)
}
