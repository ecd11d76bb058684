import type { DeviceSheet } from './types.js'

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
