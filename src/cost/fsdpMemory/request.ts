import type { ModelDescription } from '../../model/index.js'

/** One rank of a model under FSDP2 with nothing else sharing it. */
export interface FsdpMemoryRequest {
  readonly model: ModelDescription
  /** Sequences of one microbatch and rank. */
  readonly batch: number
  /** Tokens of a sequence. */
  readonly seq: number
  /** Ranks that share the parameters, and groups of them that hold copies (HSDP when above 1). */
  readonly shardRanks: number
  readonly replicas: number
  /** Rank in the whole mesh, replicas slowest. */
  readonly rank: number
  readonly policy: FsdpPolicy
  readonly recompute: 'none' | 'full'
}

export const fsdpUnits = ['block+root', 'block+embed+head+root', 'root'] as const
export const fsdpOptimizers = ['adamw-foreach', 'adamw-fused', 'adamw-for-loop', 'sgd'] as const
export const fsdpLosses = ['ce-fp32', 'ce-bf16', 'mean'] as const

export type FsdpDtype = 'fp32' | 'bf16' | 'fp16'

/** What one trains with: `parallelism.fsdp` of a stowage.run (FORMATS). */
export interface FsdpPolicy {
  /** One fully_shard call a unit. Separate embedding and head: the head's unit holds the last norm too and stays gathered after forward. */
  readonly units: (typeof fsdpUnits)[number]
  /** A number: shard again over so many ranks only. */
  readonly reshardAfterForward: boolean | number
  readonly originalDtype: FsdpDtype
  /** null: the original. */
  readonly parameterDtype: FsdpDtype | null
  /** null: the parameters'. */
  readonly reduceDtype: FsdpDtype | null
  /** Blocks gathered ahead: `implicit` is FSDP2's own order, `explicit:K` set by hand. */
  readonly prefetch: 'implicit' | `explicit:${number}`
  readonly optimizer: (typeof fsdpOptimizers)[number]
  readonly clipGradients: boolean
  /** Microbatches of one step. */
  readonly accumulation: number
  /** Reduce gradients after each microbatch, not after the last only. */
  readonly syncEveryMicrobatch: boolean
  readonly loss: (typeof fsdpLosses)[number]
}
