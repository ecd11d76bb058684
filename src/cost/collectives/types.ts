import type { Interconnect, Link } from '../../hardware/index.js'

export const collectives = ['all-reduce', 'all-gather', 'reduce-scatter', 'all-to-all', 'broadcast', 'send'] as const
export type Collective = (typeof collectives)[number]

export type CollectiveAlgorithm = 'ring' | 'tree' | 'nvls' | 'nvls-tree' | 'pairwise' | 'none'
export type CollectiveProtocol = 'LL' | 'LL128' | 'Simple' | 'none'

/** Where the ranks of a group lie. A host is whatever shares one fast interconnect: a server, or a rack of an NVLink domain. */
export interface RankGroup {
  readonly ranks: number
  readonly hosts: number
  readonly ranksPerHost: number
  /** Groups alike that share the network of one host at the same time; 1 when absent. */
  readonly concurrentGroupsPerHost?: number
}

export interface GroupLinks {
  /** Of one device and direction. */
  readonly intra: Interconnect
  /** Of one host and direction; absent inside one host. */
  readonly network?: Link
  /** What one device reaches of it: its own network card. Absent: all of it. */
  readonly networkBytesPerSecondPerDevice?: number
}

/** Factors of a stack's own calibration on top of the constants; 1 each when absent. */
export interface CollectiveCalibration {
  readonly intraRateShare?: number
  readonly networkRateShare?: number
  readonly latencyScale?: number
}

export interface CollectiveCost {
  readonly seconds: number
  /** Of it, what no byte shortens. */
  readonly latencySeconds: number
  /** Bus bandwidth once the message is long, in the counting of nccl-tests. */
  readonly bytesPerSecond: number
  readonly algorithm: CollectiveAlgorithm
  readonly protocol: CollectiveProtocol
}
