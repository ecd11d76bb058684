import type { SchedulingProblem } from '../../schedule/index.js'

/**
 * Which devices can change places. Devices of one host with equal kind, links and limit can, while no op is on either; so can whole hosts
 * that are built alike, while no op is on any of their devices. A schedule stays as it is under such an exchange, so a search that
 * gives an op one of them need not try the others.
 */
export class DeviceSymmetry {
  private readonly profileOf: readonly string[]
  private readonly buildOf: readonly string[]

  constructor(private readonly problem: SchedulingProblem) {
    const { cluster, kindOf, memoryLimits } = problem
    this.profileOf = cluster.devices.map(({ interconnect }, d) =>
      [kindOf[d], memoryLimits[d], interconnect.latencySeconds, interconnect.bytesPerSecond].join(' '),
    )
    this.buildOf = cluster.hosts.map(({ firstDevice, deviceCount, network }) =>
      [
        network?.latencySeconds,
        network?.bytesPerSecond,
        ...this.profileOf.slice(firstDevice, firstDevice + deviceCount),
      ].join('|'),
    )
  }

  /** The devices that a search of so many ops needs: no more alike ones of a host than ops. */
  atMostEach(ops: number): number[] {
    const seen = new Map<string, number>()
    return this.profileOf.flatMap((profile, d) => {
      const key = `${this.problem.hostOf[d]} ${profile}`
      seen.set(key, (seen.get(key) ?? 0) + 1)
      return seen.get(key)! <= ops ? [d] : []
    })
  }

  /** Of the devices, the first of each set that can change places while those of `isUsed` hold ops. */
  representatives(devices: readonly number[], isUsed: (device: number) => boolean): number[] {
    const { hostOf, cluster } = this.problem
    const seen = new Set<string>()
    return devices.filter((d) => {
      if (isUsed(d)) return true
      const { firstDevice, deviceCount } = cluster.hosts[hostOf[d]]
      let isHostUsed = false
      for (let k = firstDevice; k < firstDevice + deviceCount; k++) isHostUsed ||= isUsed(k)
      const key = `${isHostUsed ? hostOf[d] : this.buildOf[hostOf[d]]} ${this.profileOf[d]}`
      if (seen.has(key)) return false
      seen.add(key)
      return true
    })
  }
}
