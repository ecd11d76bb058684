import type { CollectiveConstants, TierConstants } from './constants.js'
import type { CollectiveCalibration, GroupLinks, RankGroup } from './types.js'

/** Rates and latency factors that a group finds, calibration applied. */
export interface GroupPaths {
  /** Of one rank inside its host, around a ring. */
  readonly ringBytesPerSecond: number
  /** Of one rank inside its host, in a tree. */
  readonly treeBytesPerSecond: number
  /** Of one rank through the reducing switch; absent where there is none. */
  readonly nvlsBytesPerSecond?: number
  /** Of all ranks of the group on one host; infinite inside one host. */
  readonly networkBytesPerSecond: number
  /** Times the library's hop. */
  readonly hopScale: number
  readonly treeHopScale: number
  readonly networkHopScale: number
  readonly baseScale: number
}

/** A 100 Gb/s card for each device: less, and devices share cards. */
const ownCardBytesPerSecond = 12.5e9

export function groupPaths(
  group: RankGroup,
  links: GroupLinks,
  constants: CollectiveConstants,
  { intraRateShare = 1, networkRateShare = 1, latencyScale = 1 }: CollectiveCalibration = {},
): GroupPaths {
  const { intra, network } = links
  const { library } = constants
  const full = intra.bytesPerSecond * intraRateShare
  const ring = full * constants.intra.rateShare * meshShare(group, links, constants)
  const [card, tier] = cardOf(group, links, constants)
  const cards = Math.min(groupNetwork(group, links), card * group.ranksPerHost)
  const longer = latencyScale * (intra.latencySeconds / library.ringHopSeconds.LL128)
  return {
    ringBytesPerSecond: ring,
    treeBytesPerSecond: ring * constants.tree.rateShare,
    ...(constants.nvls &&
      intra.topology === 'switch' &&
      group.ranksPerHost > 2 && { nvlsBytesPerSecond: full * constants.nvls.rateShare }),
    networkBytesPerSecond: group.hosts > 1 ? cards * networkRateShare * tier.rateShare : Number.POSITIVE_INFINITY,
    hopScale: longer * constants.intra.latencyScale,
    treeHopScale: longer,
    networkHopScale:
      latencyScale * tier.latencyScale * ((network?.latencySeconds ?? 0) / library.networkRingHopSeconds.LL128),
    baseScale: latencyScale,
  }
}

/** One network card and the constants of its kind. A slower card of its own still gives what a shared one at the border would: rates only grow. */
function cardOf(group: RankGroup, links: GroupLinks, constants: CollectiveConstants): [number, TierConstants] {
  const { dedicatedNetwork, sharedNetwork } = constants
  const card = links.networkBytesPerSecondPerDevice ?? groupNetwork(group, links) / group.ranksPerHost
  if (card < ownCardBytesPerSecond) return [card, sharedNetwork]
  const atBorder = (sharedNetwork.rateShare * ownCardBytesPerSecond) / card
  return [card, { ...dedicatedNetwork, rateShare: Math.max(dedicatedNetwork.rateShare, atBorder) }]
}

/** What groups alike on the same host leave each other. */
function groupNetwork({ concurrentGroupsPerHost = 1 }: RankGroup, { network }: GroupLinks): number {
  return (network?.bytesPerSecond ?? Number.POSITIVE_INFINITY) / concurrentGroupsPerHost
}

/** Devices that are wired one to one use only the rings between them. */
function meshShare({ ranksPerHost }: RankGroup, { intra }: GroupLinks, { mesh }: CollectiveConstants): number {
  if (intra.topology !== 'mesh' || !mesh) return 1
  const rings = mesh.ringsByRanks[Math.min(Math.max(2, ranksPerHost) - 2, mesh.ringsByRanks.length - 1)]
  return Math.min(1, rings / mesh.links)
}
