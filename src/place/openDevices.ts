import type { SchedulingProblem } from '../schedule/index.js'

/**
 * The devices that list scheduling need look at. Unused devices of one host with equal kind, links and limit are alike, and so are unused hosts built
 * alike: an op would start on any of them at the same time, and ties go to the least device. So only the first of each kind is open, and
 * its use opens the next.
 */
export class OpenDevices {
  readonly devices: number[] = []
  private readonly isUsed: Uint8Array
  private readonly isHostUsed: Uint8Array
  /** The next device of the host with the same profile; the next host built alike; -1: none. */
  private readonly nextAlike: Int32Array
  private readonly nextHostAlike: Int32Array
  /** Devices of each host that no earlier one of the host is like. */
  private readonly firstsOf: readonly number[][]

  /** `all`: every device is open from the start, because ops are told where to go. */
  constructor(
    private readonly problem: SchedulingProblem,
    all: boolean,
  ) {
    const { cluster, deviceCount } = problem
    const profileOf = numbered(deviceCount, (d) => deviceProfile(problem, d))
    this.isUsed = new Uint8Array(deviceCount)
    this.isHostUsed = new Uint8Array(cluster.hosts.length)
    this.nextAlike = new Int32Array(deviceCount).fill(-1)
    this.firstsOf = cluster.hosts.map(({ firstDevice, deviceCount: count }) => {
      const last = new Map<number, number>()
      const firsts: number[] = []
      for (let d = firstDevice; d < firstDevice + count; d++) {
        const before = last.get(profileOf[d])
        if (before === undefined) firsts.push(d)
        else this.nextAlike[before] = d
        last.set(profileOf[d], d)
      }
      return firsts
    })
    const buildOf = numbered(cluster.hosts.length, (host) => {
      const { firstDevice, deviceCount: count, network } = cluster.hosts[host]
      const profiles = profileOf.subarray(firstDevice, firstDevice + count).join(',')
      return `${network?.latencySeconds} ${network?.bytesPerSecond} ${profiles}`
    })
    this.nextHostAlike = new Int32Array(cluster.hosts.length).fill(-1)
    const lastHost = new Map<number, number>()
    buildOf.forEach((build, host) => {
      const before = lastHost.get(build)
      if (before !== undefined) this.nextHostAlike[before] = host
      else if (!all) this.devices.push(...this.firstsOf[host])
      lastHost.set(build, host)
    })
    if (!all) return
    for (let d = 0; d < deviceCount; d++) this.devices.push(d)
    this.isUsed.fill(1)
  }

  /** Records that an op was committed to an open device; returns the devices that this opens. */
  use(device: number): readonly number[] {
    if (this.isUsed[device]) return []
    this.isUsed[device] = 1
    const opened: number[] = this.nextAlike[device] < 0 ? [] : [this.nextAlike[device]]
    const host = this.problem.hostOf[device]
    if (!this.isHostUsed[host] && this.nextHostAlike[host] >= 0) opened.push(...this.firstsOf[this.nextHostAlike[host]])
    this.isHostUsed[host] = 1
    this.devices.push(...opened)
    return opened
  }
}

function deviceProfile({ kindOf, memoryLimits, cluster }: SchedulingProblem, device: number): string {
  const { latencySeconds, bytesPerSecond } = cluster.devices[device].interconnect
  return `${kindOf[device]} ${memoryLimits[device]} ${latencySeconds} ${bytesPerSecond}`
}

/** Numbers equal keys alike. */
function numbered(count: number, keyOf: (k: number) => string): Int32Array {
  const numbers = new Map<string, number>()
  return Int32Array.from({ length: count }, (_, k) => {
    const key = keyOf(k)
    const number = numbers.get(key) ?? numbers.size
    numbers.set(key, number)
    return number
  })
}
