import { fail } from '../errors/index.js'
import type { Cluster, Device, Link } from './types.js'

/**
 * The link between two devices (FORMATS, endpoint rules). On one host: the interconnect. Between hosts: the larger latency of the two networks
 * and the least rate of both networks and both interconnects. Where the two ends differ, the worse one holds, so a link is the same both ways.
 */
export function transferLink(cluster: Cluster, from: number, to: number): Link {
  const a = cluster.devices[from]
  const b = cluster.devices[to]
  if (a.host === b.host) return worse(a.interconnect, b.interconnect)
  const latencySeconds = worse(networkOf(cluster, a), networkOf(cluster, b)).latencySeconds
  return { latencySeconds, bytesPerSecond: Math.min(reach(cluster, a), reach(cluster, b)) }
}

/** Seconds that `bytes` need on a link; an empty tensor still takes the latency. */
export function transferSeconds({ latencySeconds, bytesPerSecond }: Link, bytes: number): number {
  return latencySeconds + bytes / bytesPerSecond
}

/** Bytes/s of a device to anything outside its host. */
function reach(cluster: Cluster, device: Device): number {
  return Math.min(networkOf(cluster, device).bytesPerSecond, device.interconnect.bytesPerSecond)
}

function networkOf(cluster: Cluster, { host }: Device): Link {
  const network = cluster.hosts[host].network
  if (!network) fail('E504', `host ${host} has no network`, { where: `cluster ${cluster.name}, host ${host}` })
  return network
}

function worse(a: Link, b: Link): Link {
  return {
    latencySeconds: Math.max(a.latencySeconds, b.latencySeconds),
    bytesPerSecond: Math.min(a.bytesPerSecond, b.bytesPerSecond),
  }
}
