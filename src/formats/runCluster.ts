import { Problems } from '../errors/index.js'
import { deviceSheet, type RunCluster } from '../hardware/index.js'
import type { RunReferences } from './run.js'
import { runClusterSchema } from './runSchema.js'
import { parseInto } from './schemaProblems.js'

/** The `cluster` of a run: a name, a stowage.cluster, or its devices and links, where what is not stated is the device's usual host and noted in `assumed`. */
export function readRunCluster(
  value: string | Readonly<Record<string, unknown>>,
  at: string,
  references: Pick<RunReferences, 'catalogue' | 'cluster'>,
  assumed: string[],
): RunCluster {
  if (typeof value === 'string' || !('device' in value)) return references.cluster(value, at)
  const problems = new Problems()
  const stated = parseInto(runClusterSchema, value, at, problems)
  problems.throwIfAny()
  const { device, devices } = stated!
  const sheet = deviceSheet(references.catalogue, device, `${at}/device`)
  const { host, kind } = sheet
  const devicesPerHost = Math.min(devices, stated!.devicesPerHost ?? host.devicesPerHost)
  const domain =
    stated!.nvlinkDomainDevices ??
    Math.max(devicesPerHost, host.domainDevices > host.devicesPerHost ? host.domainDevices : 0)
  const fromSheet = (name: string, given: number | null | undefined, usual: number): number => {
    if (given) return given
    if (name !== 'interHostBytesPerSecond' || devices > domain)
      assumed.push(`${name} ${usual} (${kind.name}'s usual host)`)
    return usual
  }
  return {
    sheet,
    devices,
    devicesPerHost,
    domainDevices: domain,
    intraHostBytesPerSecond: fromSheet(
      'intraHostBytesPerSecond',
      stated!.intraHostBytesPerSecond,
      host.interconnect.bytesPerSecond,
    ),
    interHostBytesPerSecond: fromSheet(
      'interHostBytesPerSecond',
      stated!.interHostBytesPerSecond,
      host.network.bytesPerSecond,
    ),
    memoryBytes: stated!.memoryBytes ?? kind.memoryBytes,
    ...(stated!.hostMemoryBytesPerSecond && { hostMemoryBytesPerSecond: stated!.hostMemoryBytesPerSecond }),
    ...(stated!.price && { price: stated!.price }),
    ...(stated!.observedAllReduceBytesPerSecond
      ? { observedAllReduceBytesPerSecond: stated!.observedAllReduceBytesPerSecond }
      : {}),
  }
}
