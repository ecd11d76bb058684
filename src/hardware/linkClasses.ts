import { fail } from '../errors/index.js'
import { transferLink } from './links.js'
import type { Cluster, Device, Link } from './types.js'

export interface LinkClasses {
  /** Of sender x devices + receiver, an index into `links`; a device's link to itself is that of its host. */
  readonly classIndex: Uint16Array
  /** The distinct links, in order of their first pair. */
  readonly links: readonly Link[]
}

/** The table is quadratic: 128 MiB at this size. */
const mostLinkedDevices = 8192
const unseen = 0xffff

/** The link of every ordered pair of devices, as an index into the few distinct ones. */
export function linkClasses(cluster: Cluster): LinkClasses {
  const n = cluster.devices.length
  refuseUnlinked(cluster)
  const { profileOf, first } = profiles(cluster)
  const width = first.length
  // A link depends only on the two profiles and on whether they share a host, so few of the n x n pairs are worked out.
  const classOf = new Uint16Array(2 * width * width).fill(unseen)
  const classIndex = new Uint16Array(n * n)
  const links: Link[] = []
  const numbers = new Map<string, number>()
  const add = (from: number, to: number): number => {
    const link = transferLink(cluster, from, to)
    const key = `${link.latencySeconds} ${link.bytesPerSecond}`
    const number = numbers.get(key) ?? links.length
    if (number === links.length) {
      if (number === unseen) fail('E204', `more than ${unseen} distinct links`, { where: cluster.name })
      links.push(link)
      numbers.set(key, number)
    }
    return number
  }
  const hostOf = Int32Array.from(cluster.devices, (device) => device.host)
  for (let from = 0; from < n; from++) {
    if (from > 0 && hostOf[from] === hostOf[from - 1] && profileOf[from] === profileOf[from - 1]) {
      classIndex.copyWithin(from * n, (from - 1) * n, from * n)
      continue
    }
    const row = 2 * profileOf[from] * width
    for (let to = 0; to < n; to++) {
      const pair = row + 2 * profileOf[to] + (hostOf[from] === hostOf[to] ? 1 : 0)
      if (classOf[pair] === unseen) classOf[pair] = add(from, to)
      classIndex[from * n + to] = classOf[pair]
    }
  }
  return { classIndex, links }
}

/** Throws E204 for a cluster that is too large to place ops on; whoever is about to look at every device asks first. */
export function refuseUnlinked({ name, devices }: Cluster): void {
  if (devices.length <= mostLinkedDevices) return
  fail('E204', 'too many devices to place ops on', {
    where: name,
    expected: `at most ${mostLinkedDevices} devices`,
    found: `${devices.length}`,
    fix: 'describe the job as a training run: its degrees may be of any size',
  })
}

/** Devices with equal interconnect and network: the profile of each, and the first device of each profile. */
export function profiles(cluster: Cluster): { readonly profileOf: Int32Array; readonly first: readonly number[] } {
  const first: number[] = []
  const numbers = new Map<string, number>()
  const profileOf = new Int32Array(cluster.devices.length)
  let before: Device | undefined
  cluster.devices.forEach((device, d) => {
    // Equal hosts share their links as objects: hundreds of thousands of devices need no key of their own.
    const isAlike =
      before?.interconnect === device.interconnect &&
      cluster.hosts[before.host].network === cluster.hosts[device.host].network
    profileOf[d] = isAlike ? profileOf[d - 1] : profileNumber(device, d)
    before = device
  })
  return { profileOf, first }

  function profileNumber({ interconnect, host }: Device, d: number): number {
    const { latencySeconds, bytesPerSecond } = cluster.hosts[host].network ?? {}
    const key = `${interconnect.latencySeconds} ${interconnect.bytesPerSecond} ${latencySeconds} ${bytesPerSecond}`
    const number = numbers.get(key) ?? first.length
    if (number === first.length) {
      first.push(d)
      numbers.set(key, number)
    }
    return number
  }
}
