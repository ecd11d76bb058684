import type { CollectiveConstants, Protocol } from './constants.js'
import type { GroupPaths } from './paths.js'
import type { Collective, CollectiveAlgorithm, GroupLinks, RankGroup } from './types.js'

/** One way to run a collective. */
export interface Candidate {
  readonly algorithm: CollectiveAlgorithm
  readonly protocol: Protocol
  readonly latencySeconds: number
  /** Of the latency, what the hops take. */
  readonly hopsSeconds: number
  /** Per byte of the larger buffer. */
  readonly secondsPerByte: number
}

interface Setting {
  readonly collective: Collective
  readonly group: RankGroup
  readonly constants: CollectiveConstants
  readonly paths: GroupPaths
  /** Shares of its own that a rank copies beside what it sends: behind a switch that takes as long as a share on the wire (fitted on A100). */
  readonly ownShares: number
}

const protocols: readonly Protocol[] = ['LL', 'LL128', 'Simple']

/** Every algorithm and protocol that NCCL has for the group; trees and reducing switches serve all-reduce only. Source: NCCL src/graph/tuning.cc. */
export function candidates(
  collective: Collective,
  group: RankGroup,
  links: GroupLinks,
  constants: CollectiveConstants,
  paths: GroupPaths,
): readonly Candidate[] {
  const setting = { collective, group, constants, paths, ownShares: links.intra.topology === 'switch' ? 1 : 0 }
  if (collective === 'all-to-all' || collective === 'send') return pairwise(setting)
  const rings = protocols.map((protocol) => ring(setting, protocol))
  if (collective !== 'all-reduce') return rings
  const trees = group.hosts > 1 ? protocols.map((protocol) => tree(setting, protocol)) : []
  return [...rings, ...trees, ...nvls(setting)]
}

/** A ring enters and leaves each host once, so all that its ranks there pass on crosses the host's network once. */
function ring({ collective, group, constants, paths, ownShares }: Setting, protocol: Protocol): Candidate {
  const { ranks, hosts, ranksPerHost } = group
  const { library, messages } = constants
  const rounds = collective === 'all-reduce' ? 2 : 1
  const steps = rounds * (ranks - 1)
  const crossings = hosts > 1 ? Math.min(steps, collective === 'all-reduce' ? 2 * hosts : hosts - 1) : 0
  const hopsSeconds =
    (steps - crossings) * library.ringHopSeconds[protocol] * paths.hopScale +
    crossings * library.networkRingHopSeconds[protocol] * paths.networkHopScale
  const factor = collective === 'broadcast' ? 1 : steps / ranks
  const own = collective === 'broadcast' ? 0 : ownShares / ranks
  const inside = ranksPerHost > 1 ? (factor + own) / paths.ringBytesPerSecond : 0
  const onWire = Math.max(inside, factor / paths.networkBytesPerSecond) / library.rateShare[protocol]
  const short = messages.shortBytesPerSecond[hosts > 1 ? 'acrossHosts' : 'oneHost']
  return {
    algorithm: 'ring',
    protocol,
    latencySeconds: library.baseSeconds[protocol] * paths.baseScale + hopsSeconds,
    hopsSeconds,
    secondsPerByte: protocol === 'LL' ? Math.max(onWire, factor / short) : onWire,
  }
}

/** Two trees of the hosts carry half each, up and down, and a chain joins the ranks of a host: 2 (N - 1) / N of the bytes cross a host's network. */
function tree(setting: Setting, protocol: Protocol): Candidate {
  const { hosts, ranksPerHost } = setting.group
  const { constants, paths } = setting
  const { library, messages } = constants
  const chain = 2 * (ranksPerHost - 1) * library.treeHopSeconds[protocol] * paths.treeHopScale
  const hopsSeconds = chain + treeCrossings(setting, protocol)
  const inside = (2 * (ranksPerHost - 1)) / ranksPerHost / paths.treeBytesPerSecond
  const onWire = Math.max(inside, treeCrossing(hosts) / paths.networkBytesPerSecond) / library.rateShare[protocol]
  return {
    algorithm: 'tree',
    protocol,
    latencySeconds: library.baseSeconds[protocol] * paths.baseScale + hopsSeconds,
    hopsSeconds,
    secondsPerByte: protocol === 'LL' ? Math.max(onWire, 1 / messages.shortBytesPerSecond.acrossHosts) : onWire,
  }
}

/** Switches that reduce: each rank sends its bytes and receives the sum once; across hosts trees join the switches. */
function nvls(setting: Setting): Candidate[] {
  const { group, constants, paths } = setting
  if (paths.nvlsBytesPerSecond === undefined) return []
  const hopsSeconds = constants.library.nvlsSeconds * paths.baseScale + treeCrossings(setting, 'Simple')
  return [
    {
      algorithm: group.hosts > 1 ? 'nvls-tree' : 'nvls',
      protocol: 'Simple',
      latencySeconds: hopsSeconds,
      hopsSeconds,
      secondsPerByte: Math.max(1 / paths.nvlsBytesPerSecond, treeCrossing(group.hosts) / paths.networkBytesPerSecond),
    },
  ]
}

function treeCrossings({ group, constants, paths }: Setting, protocol: Protocol): number {
  return 2 * Math.log2(group.hosts) * constants.library.networkTreeHopSeconds[protocol] * paths.networkHopScale
}

function treeCrossing(hosts: number): number {
  return (2 * (hosts - 1)) / hosts
}

/** Peers that one kernel sends to at once. Source: NCCL, work elements of a point-to-point batch. */
const peersAtOnce = 8

/** Messages to each peer at once: what stays on the host and what leaves it overlap. Only LL and Simple serve them. */
function pairwise({ collective, group, constants, paths }: Setting): Candidate[] {
  const { ranks, hosts, ranksPerHost } = group
  const { library, messages } = constants
  const turns = collective === 'send' ? 1 : Math.ceil((ranks - 1) / peersAtOnce)
  const leaving = hosts === 1 ? 0 : collective === 'send' ? 1 : (ranksPerHost * (ranks - ranksPerHost)) / ranks
  const staying = collective === 'send' ? (hosts === 1 ? 1 : 0) : (ranksPerHost - 1) / ranks
  const onWire = Math.max(staying / paths.ringBytesPerSecond, leaving / paths.networkBytesPerSecond)
  const short = messages.shortBytesPerSecond[hosts > 1 ? 'acrossHosts' : 'oneHost']
  return (['LL', 'Simple'] as const).map((protocol) => {
    const hop =
      hosts > 1
        ? library.networkRingHopSeconds[protocol] * paths.networkHopScale
        : library.ringHopSeconds[protocol] * paths.hopScale
    return {
      algorithm: 'pairwise',
      protocol,
      latencySeconds: library.baseSeconds[protocol] * paths.baseScale + turns * hop,
      hopsSeconds: turns * hop,
      secondsPerByte: protocol === 'LL' ? Math.max(onWire / library.rateShare.LL, (staying + leaving) / short) : onWire,
    }
  })
}
