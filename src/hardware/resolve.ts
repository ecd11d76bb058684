import { fail, nearNames } from '../errors/index.js'
import { buildCluster, mostDevices } from './buildCluster.js'
import { findKind } from './findKind.js'
import type { Cluster, ClusterDescription, DeviceCatalogue, DeviceSheet, HostDescription } from './types.js'

export type ClusterPresets = ReadonlyMap<string, ClusterDescription>

/**
 * The cluster of a name: a preset of models/clusters (`p4d`), KINDxCOUNT for any device kind or alias (`h100x8`), or N of either (`16xh100x8`).
 * E503 with near names for anything else.
 */
export function resolveClusterName(name: string, catalogue: DeviceCatalogue, presets: ClusterPresets): Cluster {
  const typed = name.trim().toLowerCase()
  const [, times, inner] = /^(?:(\d+)x)?(.+)$/.exec(typed) ?? [typed, undefined, typed]
  const one =
    presets.get(inner) ?? ofKind(inner, catalogue) ?? fail('E503', ...unknownCluster(name, inner, catalogue, presets))
  const hosts = times === undefined ? one.hosts : repeat(one.hosts, Number(times))
  return buildCluster({ ...one, name: typed, hosts }, typed)
}

/** The short name of one full host, or domain, of a kind: h100x8. */
export function usualPreset({ kind, host }: DeviceSheet): string {
  return `${kind.aliases[0] ?? kind.name.toLowerCase()}x${host.domainDevices}`
}

function ofKind(name: string, catalogue: DeviceCatalogue): ClusterDescription | undefined {
  const [, alias, digits] = /^(.+)x(\d+)$/.exec(name) ?? []
  const kind = alias === undefined ? undefined : findKind(catalogue, alias)
  if (!kind) return undefined
  return { name, hosts: usualHosts(catalogue.sheets.get(kind.name)!, Number(digits), name), transfers: 'full-duplex' }
}

/**
 * Hosts as the kind is usually sold: up to one domain is one host with the network of as many boards as it fills; more must be whole domains,
 * for there is no telling how a remainder is wired.
 */
function usualHosts({ kind, host }: DeviceSheet, count: number, name: string): readonly HostDescription[] {
  const { devicesPerHost, domainDevices, interconnect, network } = host
  const inside = Math.min(count, domainDevices)
  if (count > domainDevices && count % domainDevices !== 0) {
    const whole = Math.ceil(count / domainDevices) * domainDevices
    fail('E503', `${count} is not a whole number of hosts of ${domainDevices} x ${kind.name}`, {
      where: name,
      fix: `take ${name.replace(/\d+$/, String(whole))}, or describe the hosts in a stowage.cluster file`,
    })
  }
  const boards = Math.ceil(inside / devicesPerHost)
  return [
    {
      count: count > domainDevices ? count / domainDevices : 1,
      groups: [{ kind: kind.name, sheet: kind, count: inside, memoryBytes: kind.memoryBytes }],
      interconnect,
      network: { ...network, bytesPerSecond: network.bytesPerSecond * Math.max(1, boards) },
    },
  ]
}

function repeat(hosts: readonly HostDescription[], times: number): readonly HostDescription[] {
  if (hosts.length === 1) return [{ ...hosts[0], count: hosts[0].count * times }]
  // Past the cap `buildCluster` refuses, so a longer list need not be written out.
  return Array.from({ length: Math.min(times, mostDevices + 1) }, () => hosts).flat()
}

function unknownCluster(
  name: string,
  inner: string,
  catalogue: DeviceCatalogue,
  presets: ClusterPresets,
): [message: string, detail: { where: string; found: string; fix: string }] {
  const usual = [...catalogue.sheets.values()].map(usualPreset)
  const kind = findKind(catalogue, inner)
  const near = kind
    ? [usualPreset(catalogue.sheets.get(kind.name)!)]
    : nearNames(inner, new Set([...presets.keys(), ...usual, ...aliasesWithCount(inner, catalogue)]))
  const fix = near.length
    ? `did you mean ${near.join(' or ')}?`
    : `take ${usual.join(', ')}, N of them (16xh100x8), or a file`
  return [`no cluster is called ${name}`, { where: 'cluster', found: name, fix }]
}

/** What was typed may be a slip in the alias alone: h10x8. */
function aliasesWithCount(typed: string, catalogue: DeviceCatalogue): string[] {
  const count = /x(\d+)$/.exec(typed)?.[1]
  return count === undefined ? [] : [...catalogue.kinds.keys()].map((alias) => `${alias}x${count}`)
}
