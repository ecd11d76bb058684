import type { ClusterSummary, DeviceKind, HostGroup, Link, LinkMatrix } from '../hardware/index.js'
import type { Style } from './style.js'
import { table } from './table.js'
import { formatBytes, formatBytesPerSecond, formatFlops, formatSeconds } from './units.js'

/** What inspectCluster tells, as far as the text shows it. */
export interface ClusterView {
  readonly cluster: ClusterSummary
  readonly warnings: readonly string[]
}

/** What listClusters tells, as far as the text shows it. */
export interface ClusterListView {
  readonly devices: readonly (DeviceKind & { readonly preset: string })[]
  readonly presets: readonly { readonly name: string; readonly description: string }[]
}

const right = 'right' as const

/** A cluster at a glance: its hosts, what is in them, and the link of every pair. */
export function clusterText({ cluster, warnings }: ClusterView, style: Style): string {
  const size = `${plural(cluster.devices, 'device')} in ${plural(cluster.hosts, 'host')} · ${formatBytes(cluster.memoryBytes)}`
  const parts = [
    `${style.strong(cluster.name)} · ${size} · transfers ${cluster.transfers}\n`,
    table(
      [
        { title: 'hosts', align: right },
        { title: 'each with' },
        { title: 'memory', align: right },
        { title: 'interconnect' },
        { title: 'network' },
      ],
      cluster.hostGroups.flatMap(hostRows),
      style,
    ),
    linkRows(cluster.topology, style),
    matrix(cluster.topology, cluster.devices, style),
    ...warnings.map((warning) => style.warn(`warning  ${warning}\n`)),
  ]
  return parts.filter(Boolean).join('\n')
}

/** Device kinds and presets, with how to ask for more of them. */
export function clusterListText({ devices, presets }: ClusterListView, style: Style): string {
  const rows = devices.map((device) => [
    device.preset,
    device.name,
    formatBytes(device.memoryBytes),
    formatBytesPerSecond(device.memoryBytesPerSecond),
    `${formatFlops(peak(device))}/s`,
    device.aliases.join(' '),
  ])
  const columns = [
    { title: 'preset' },
    { title: 'device kind' },
    { title: 'memory', align: right },
    { title: 'bandwidth', align: right },
    { title: 'bf16, fp16 peak', align: right },
    { title: 'also called' },
  ]
  return [
    table(columns, rows, style),
    table(
      [{ title: 'preset' }, { title: 'what it is' }],
      presets.map(({ name, description }) => [name, description]),
      style,
    ),
    'Any count: h100x4. N hosts: 16xh100x8. Other hardware: a stowage.cluster file.\n',
  ].join('\n')
}

function hostRows({ hosts, devices, interconnect, network }: HostGroup): string[][] {
  return devices.map(({ kind, count, memoryBytes }, i) => [
    i === 0 ? String(hosts) : '',
    `${count} x ${kind}`,
    formatBytes(memoryBytes),
    i === 0 ? `${interconnect.topology} ${linkFigures(interconnect)}` : '',
    i === 0 && network ? linkFigures(network) : '',
  ])
}

function linkRows({ links }: LinkMatrix, style: Style): string {
  if (links.length === 0) return ''
  return table(
    [{ title: 'link' }, { title: 'between' }, { title: 'rate', align: right }, { title: 'latency', align: right }],
    links.map((link) => [
      link.label,
      link.between,
      formatBytesPerSecond(link.bytesPerSecond),
      formatSeconds(link.latencySeconds),
    ]),
    style,
  )
}

function matrix({ devices, labels }: LinkMatrix, total: number, style: Style): string {
  if (devices.length < 2) return ''
  const columns = [{ title: 'from \\ to' }, ...devices.map((d) => ({ title: String(d) }))]
  const rows = devices.map((d, i) => [String(d), ...labels[i]])
  const rest = total - devices.length
  return `${table(columns, rows, style)}${rest > 0 ? `... and ${plural(rest, 'device')} linked likewise\n` : ''}`
}

function linkFigures({ bytesPerSecond, latencySeconds }: Link): string {
  return `${formatBytesPerSecond(bytesPerSecond)}, ${formatSeconds(latencySeconds)}`
}

function peak({ flopsPerSecond }: DeviceKind): number {
  return flopsPerSecond.bf16 ?? flopsPerSecond.fp16 ?? Math.max(...Object.values(flopsPerSecond))
}

function plural(count: number, name: string): string {
  return `${count} ${name}${count === 1 ? '' : 's'}`
}
