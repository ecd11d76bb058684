/** What one kind of exchange costs an element of what is exchanged. */
export interface Traffic {
  /** On the wire inside a domain, and across domains; absent: what the stack sends. */
  readonly insideBytes?: number | undefined
  readonly acrossBytes?: number | undefined
  /** Device memory traffic of encoding and decoding. */
  readonly codecBytes?: number | undefined
  /** Ranks send unlike parts, so that each gathers what all others send: no ring sums them on the way. */
  readonly sparse?: boolean | undefined
}

/** An exchange that ranks meet in now and then, with steps of their own between. */
export interface SyncTraffic extends Traffic {
  /** Each parameter is exchanged once in so many steps. */
  readonly everySteps: number
  /** Parts of the model that take turns. */
  readonly fragments: number
  /** Steps that run on while the exchange is under way. */
  readonly overlapSteps: number
}

/** What the methods of a run's `parallelism.communication` come to together. */
export interface CommunicationPlan {
  readonly methods: readonly string[]
  /** Do they train other weights than exact exchanges would? */
  readonly changesConvergence: boolean
  /** Of every step; with `sync` and without these, gradients stay where they are. */
  readonly gradients?: Traffic
  /** Where optimizer state or parameters are shared: weights on their way back. */
  readonly parameters?: Traffic
  readonly sync?: SyncTraffic
  /** More state, a parameter. */
  readonly stateBytes: number
}
