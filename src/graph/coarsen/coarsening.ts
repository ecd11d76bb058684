import type { GraphDescription, OpDescription } from '../description.js'

/** A coarse graph and the way back. */
export interface Coarsening {
  readonly graph: GraphDescription
  /** Fine op -> coarse op; every fine op is there. */
  readonly coarseOf: ReadonlyMap<string, string>
  /** Coarse op -> its ops in the order in which its temporary bytes hold. */
  readonly members: ReadonlyMap<string, readonly string[]>
}

/** What ops can be contracted by. */
export const coarsenings = ['module', 'colocation', 'chain'] as const

export type CoarsenOptions = {
  /** Seconds of a fine op, such as the cost model's by device kind; default: its measured ones. What lacks them is summed as work only. */
  readonly secondsOf?: (op: OpDescription) => OpDescription['seconds']
} & (
  | {
      readonly by: 'module'
      /** Path parts that make a block; default: down to the first number (h.0, layers.3), the whole path where there is none. */
      readonly depth?: number
      /** Modules to contract, such as transformer.h.*; others stay as they are. */
      readonly patterns?: readonly string[]
    }
  | { readonly by: 'colocation' }
  | { readonly by: 'chain' }
)
