import type { CollectiveProtocol } from './types.js'

type Protocol = Exclude<CollectiveProtocol, 'none'>

/** Fitted figures of one network kind. */
export interface NetworkConstants {
  /** Share of the network's rate that long messages reach. */
  readonly rateShare: number
  /** Times the hops of NCCL's own model. */
  readonly latencyScale: number
}

/** What collectives cost on one device generation (`models/collectives`). */
export interface CollectiveConstants {
  readonly generation: string
  readonly baseSeconds: Readonly<Record<Protocol, number>>
  readonly network: { readonly dedicated: NetworkConstants; readonly shared: NetworkConstants }
}
