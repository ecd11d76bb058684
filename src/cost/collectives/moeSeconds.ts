import type { ExpertExchangeConstants } from './constants.js'
import type { CollectiveCost, GroupLinks, RankGroup } from './types.js'

export const tokenDtypes = { fp32: 4, fp16: 2, bf16: 2, fp8: 1 } as const
export type TokenDtype = keyof typeof tokenDtypes

export interface ExpertExchange {
  /** Of one rank, before they are copied to experts. */
  readonly tokens: number
  readonly hidden: number
  readonly topK: number
  readonly experts: number
  readonly dtype: TokenDtype
  readonly mode: 'normal' | 'low-latency'
  /** All ranks that hold experts. */
  readonly group: RankGroup
  readonly links: GroupLinks
  readonly constants: ExpertExchangeConstants
}

/**
 * Dispatch of tokens to the ranks of their experts, or combine of what comes back: the same bytes the other way. Low latency sends each copy straight to
 * its rank; normal mode sends a token once to each host that needs it and spreads it there, both stages at once.
 * Source: DeepEP, README and docs; bytes of EP 16 to 256 reproduce its tables.
 */
export function moeSeconds(exchange: ExpertExchange): CollectiveCost {
  const { group, links, constants, mode } = exchange
  const volume = mode === 'normal' ? sharedVolume(exchange) : copiedVolume(exchange)
  if (group.ranks <= 1 || volume.staying + volume.leaving === 0)
    return { seconds: 0, latencySeconds: 0, bytesPerSecond: 0, algorithm: 'none', protocol: 'none' }
  const networkShare = mode === 'normal' ? constants.normalNetwork.rateShare : constants.lowLatency.rateShare
  const onHost = volume.staying / (constants.intra.rateShare * links.intra.bytesPerSecond)
  const onNetwork = volume.leaving === 0 ? 0 : volume.leaving / (networkShare * cardRate(group, links))
  const latencySeconds = constants.lowLatency.seconds
  const wire = Math.max(onHost, onNetwork)
  return {
    seconds: latencySeconds + wire,
    latencySeconds,
    bytesPerSecond: volume.counted / wire,
    algorithm: 'pairwise',
    protocol: 'none',
  }
}

/** Bytes that one rank sends inside its host and out of it; `counted` are those that DeepEP divides by the time: to every host or rank, its own too. */
interface Volume {
  readonly staying: number
  readonly leaving: number
  readonly counted: number
}

function copiedVolume({ tokens, topK, group, ...exchange }: ExpertExchange): Volume {
  const copies = tokens * topK * tokenBytes(exchange)
  const { ranks, ranksPerHost } = group
  return {
    staying: (copies * (ranksPerHost - 1)) / ranks,
    leaving: (copies * (ranks - ranksPerHost)) / ranks,
    counted: copies,
  }
}

function sharedVolume({ tokens, topK, experts, group, ...exchange }: ExpertExchange): Volume {
  const { ranks, hosts, ranksPerHost } = group
  const once = tokens * tokenBytes(exchange)
  const toHosts = once * hosts * chosen(experts, experts / hosts, topK)
  const toRanks = once * ranks * chosen(experts, experts / ranks, topK)
  return {
    staying: (toRanks * (ranksPerHost - 1)) / ranksPerHost,
    leaving: (toHosts * (hosts - 1)) / hosts,
    counted: hosts > 1 ? toHosts : toRanks,
  }
}

/** Chance that at least one of `topK` different experts is among the `held` of all, every choice alike likely. */
function chosen(experts: number, held: number, topK: number): number {
  let none = 1
  for (let drawn = 0; drawn < Math.min(topK, experts) && none > 0; drawn++)
    none *= Math.max(0, experts - held - drawn) / (experts - drawn)
  return 1 - none
}

/** 8-bit tokens bring a 32-bit scale for every 128 values (DeepEP, DeepSeek-V3). */
function tokenBytes({ hidden, dtype }: Pick<ExpertExchange, 'hidden' | 'dtype'>): number {
  return hidden * tokenDtypes[dtype] + (dtype === 'fp8' ? 4 * Math.ceil(hidden / 128) : 0)
}

function cardRate({ ranksPerHost, concurrentGroupsPerHost = 1 }: RankGroup, links: GroupLinks): number {
  const shared = (links.network?.bytesPerSecond ?? Number.POSITIVE_INFINITY) / concurrentGroupsPerHost / ranksPerHost
  return Math.min(shared, links.networkBytesPerSecondPerDevice ?? shared)
}
