import type { Cluster, Device, DeviceKind, Host, Link, Transfers } from '../../src/hardware/index.js'

export interface HostShape {
  readonly kinds: readonly string[]
  readonly memoryBytes?: number
  readonly link?: Link
  readonly network?: Link
}

/** A cluster by hand: the kinds of each host's devices; links of 1 kB/ms and no latency, unless said otherwise. */
export function clusterOf(
  hosts: readonly HostShape[],
  transfers: Transfers = 'full-duplex',
  sheets: Readonly<Record<string, DeviceKind>> = {},
): Cluster {
  const plain: Link = { bytesPerSecond: 1e6, latencySeconds: 0 }
  const devices: Device[] = []
  const built: Host[] = hosts.map(({ kinds, memoryBytes = 1e12, link = plain, network }, host) => {
    const firstDevice = devices.length
    for (const kind of kinds) {
      const sheet = Object.hasOwn(sheets, kind) ? { sheet: sheets[kind] } : {}
      devices.push({ kind, ...sheet, host, memoryBytes, interconnect: { topology: 'switch', ...link } })
    }
    const others = hosts.length > 1 ? { network: network ?? plain } : {}
    return { firstDevice, deviceCount: kinds.length, ...others }
  })
  return { name: 'by hand', devices, hosts: built, transfers }
}

/** One host of `count` equal devices without a data sheet. */
export function oneHost(count: number, transfers: Transfers = 'full-duplex', shape: Partial<HostShape> = {}): Cluster {
  return clusterOf([{ kinds: Array.from({ length: count }, () => 'generic'), ...shape }], transfers)
}

export const allTransfers: readonly Transfers[] = ['full-duplex', 'half-duplex', 'uncontended']

/** A round data sheet: 1 TFLOP/s in fp32, 100 GB/s, 5 us a launch. */
export const roundSheet: DeviceKind = {
  name: 'round',
  aliases: [],
  flopsPerSecond: { fp32: 1e12, bf16: 4e12 },
  matrixEfficiency: 0.5,
  memoryBytes: 1e9,
  memoryBytesPerSecond: 1e11,
  memoryEfficiency: 0.8,
  launchSeconds: 5e-6,
}
