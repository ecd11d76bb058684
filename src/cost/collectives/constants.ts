import type { CollectiveProtocol } from './types.js'

export type Protocol = Exclude<CollectiveProtocol, 'none'>
export type PerProtocol = Readonly<Record<Protocol, number>>

/** What the library's own model says, the same on every device. */
export interface LibraryConstants {
  readonly baseSeconds: PerProtocol
  readonly ringHopSeconds: PerProtocol
  readonly treeHopSeconds: PerProtocol
  readonly networkRingHopSeconds: PerProtocol
  readonly networkTreeHopSeconds: PerProtocol
  /** Share of a link that a protocol's flags leave. */
  readonly rateShare: PerProtocol
  /** Of one all-reduce in the switch, inside a host. */
  readonly nvlsSeconds: number
}

/** Fitted once for all devices. */
export interface MessageConstants {
  /** Most that LL moves, bus bandwidth: it uses few channels. */
  readonly shortBytesPerSecond: { readonly oneHost: number; readonly acrossHosts: number }
  /** Share of the hops' latency that each chunk of a pipelined message pays again. */
  readonly pipelineFill: number
}

/** Figures of one tier of links. */
export interface TierConstants {
  /** Share of the link's rate that long messages reach. */
  readonly rateShare: number
  /** Times the hops of the library's model. */
  readonly latencyScale: number
}

/** What is fitted, or taken from a relative, for one device generation. */
export interface GenerationConstants {
  readonly generation: string
  /** Starts of the canonical names of its device kinds. */
  readonly devices: readonly string[]
  readonly intra: TierConstants
  /** Each device has a network card of its own. */
  readonly dedicatedNetwork: TierConstants
  /** Devices share network cards. */
  readonly sharedNetwork: TierConstants
  /** Share of the rings' rate inside a host that trees leave: a rank that forks moves every byte twice. */
  readonly tree: { readonly rateShare: number }
  /** Share of the link's rate at which the switch reduces; absent where switches cannot. */
  readonly nvls?: { readonly rateShare: number }
  /** Rings that the links between the first 2, 3, ... devices of a host allow, and links of one device; absent where a switch joins all. */
  readonly mesh?: { readonly links: number; readonly ringsByRanks: readonly number[] }
}

/** What collectives cost on one device generation (`models/collectives`). */
export interface CollectiveConstants extends GenerationConstants {
  readonly library: LibraryConstants
  readonly messages: MessageConstants
}

/** What an exchange of tokens with experts costs. */
export interface ExpertExchangeConstants {
  /** Least time of one exchange of either mode, and the share of a device's network card that low-latency kernels reach. */
  readonly lowLatency: { readonly seconds: number; readonly rateShare: number }
  readonly normalNetwork: { readonly rateShare: number }
  /** Share of the link's rate inside a host, either mode. */
  readonly intra: { readonly rateShare: number }
}

/** Every table of `models/collectives`. */
export interface CollectiveTables {
  readonly library: LibraryConstants
  readonly messages: MessageConstants
  readonly generations: readonly GenerationConstants[]
  readonly expertExchange: ExpertExchangeConstants
}

/** The constants of a device kind: those of the longest name that starts its own, or of `generic`. */
export function constantsFor({ library, messages, generations }: CollectiveTables, kind: string): CollectiveConstants {
  const matched = (names: readonly string[]) =>
    Math.max(0, ...names.filter((name) => kind.startsWith(name)).map((name) => name.length))
  const best = generations.reduce((a, b) => (matched(b.devices) > matched(a.devices) ? b : a), genericOf(generations))
  return { ...best, library, messages }
}

function genericOf(generations: readonly GenerationConstants[]): GenerationConstants {
  return generations.find(({ generation }) => generation === 'generic')!
}
