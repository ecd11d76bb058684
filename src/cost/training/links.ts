import { groupShape, type RunCluster } from '../../hardware/index.js'
import { type MeshAxis, meshStride } from '../../model/index.js'
import type { CostContext } from './context.js'

/** What a collective of a group of ranks finds: a rate per rank and direction and a latency. */
export interface GroupLink {
  readonly ranks: number
  readonly domains: number
  readonly bytesPerSecond: number
  readonly latencySeconds: number
}

export const isHealthy = 0.6

/** Rate and latency of the groups along an axis, every group of which is busy at once: those of one domain share its network. */
export function groupLink(context: CostContext, axis: MeshAxis): GroupLink {
  const { degrees } = context.sharing
  return linkOf(context, degrees[axis], meshStride(degrees, axis))
}

export function linkOf({ cluster, coefficients: c }: CostContext, ranks: number, stride: number): GroupLink {
  const shape = groupShape(ranks, stride, cluster.domainDevices)
  const intra = c.intraRateShare * cluster.intraHostBytesPerSecond
  if (shape.domains === 1) return { ranks, domains: 1, bytesPerSecond: intra, latencySeconds: c.collectiveSeconds }
  const inter = networkRate(cluster, shape.domains, c.congestionExponent) * c.interRateShare
  return {
    ranks,
    domains: shape.domains,
    // A ring enters and leaves each domain once: its ranks there move together at the rate of that one crossing.
    bytesPerSecond: Math.min(intra, inter / shape.groupsPerDomain),
    latencySeconds: c.collectiveSeconds + c.hostHopSeconds * Math.log2(shape.domains),
  }
}

/** Network of one domain: its hosts' together; large groups congest it. */
function networkRate(cluster: RunCluster, domains: number, exponent: number): number {
  const hosts = Math.max(1, Math.min(cluster.domainDevices, cluster.devices) / cluster.devicesPerHost)
  return cluster.interHostBytesPerSecond * hosts * Math.max(1, domains / 4) ** -exponent
}
