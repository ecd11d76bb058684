import { profiles } from './linkClasses.js'
import { transferLink } from './links.js'
import type { Cluster, Link, Topology } from './types.js'

/** Links between devices in the manner of `nvidia-smi topo -m`: one label a kind of link, X for a device itself. */
export interface LinkMatrix {
  /** All devices of a small cluster; of a large one, two devices of two hosts of every sort: the others are linked likewise. */
  readonly devices: readonly number[]
  /** labels[i][j]: from devices[i] to devices[j]. */
  readonly labels: readonly (readonly string[])[]
  readonly links: readonly LabelledLink[]
}

export interface LabelledLink extends Link {
  readonly label: string
  readonly between: 'devices of a host' | 'hosts'
}

const mostShown = 16
const self = 'X'
const insideLabels: Readonly<Record<Topology, string>> = { switch: 'SWITCH', mesh: 'MESH', pcie: 'PCIE' }
const outsideLabel = 'NET'

export function linkMatrix(cluster: Cluster): LinkMatrix {
  const devices = representatives(cluster)
  const links: LabelledLink[] = []
  const label = (from: number, to: number): string => {
    if (from === to) return self
    const isInside = cluster.devices[from].host === cluster.devices[to].host
    const sort = isInside ? insideLabels[cluster.devices[from].interconnect.topology] : outsideLabel
    const link = transferLink(cluster, from, to)
    const like = links.filter((each) => each.label.replace(/\d+$/, '') === sort)
    const known = like.find(
      (each) => each.latencySeconds === link.latencySeconds && each.bytesPerSecond === link.bytesPerSecond,
    )
    if (known) return known.label
    const name = `${sort}${like.length ? like.length + 1 : ''}`
    links.push({ label: name, between: isInside ? 'devices of a host' : 'hosts', ...link })
    return name
  }
  const labels = devices.map((from) => devices.map((to) => label(from, to)))
  return { devices, labels, links }
}

function representatives(cluster: Cluster): number[] {
  const n = cluster.devices.length
  if (n <= mostShown) return Array.from({ length: n }, (_, d) => d)
  const { profileOf } = profiles(cluster)
  const hostsSeen = new Map<string, number>()
  const chosen: number[] = []
  for (const { firstDevice, deviceCount } of cluster.hosts) {
    const sort = `${profileOf[firstDevice]} ${Math.min(2, deviceCount)}`
    const seen = hostsSeen.get(sort) ?? 0
    hostsSeen.set(sort, seen + 1)
    if (seen < 2) for (let k = 0; k < Math.min(2, deviceCount); k++) chosen.push(firstDevice + k)
    if (chosen.length >= mostShown) break
  }
  return chosen.slice(0, mostShown)
}
