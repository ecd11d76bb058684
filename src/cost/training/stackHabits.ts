/** What a framework always does and its configuration does not say. Pure facts, each with its source in models/stacks. */
export interface StackHabits {
  readonly name: string
  readonly family: string
  /** Scores are written to memory, as before fused attention. */
  readonly unfusedAttention: boolean
  /** Bytes of one gradient element on the wire. */
  readonly gradientBytes: number
  /** Stages send hidden states in shares, one a tensor rank, also without sequence parallelism. */
  readonly scatteredTransfers: boolean
  /** How layers are dealt to pipeline stages: evenly, or by walking their parameters (nanotron). */
  readonly stageLayout: 'even' | 'parameter-walk'
  /** The stack interleaves stages though its rows rarely say how. */
  readonly interleavingUnknown: boolean
  /** Sequence parallelism is on wherever tensor parallelism is. */
  readonly sequenceParallelImplied: boolean
  /** Pipelines across hosts with tensor parallelism, or a sick network, run in a slow regime. */
  readonly congestedRegime: boolean
}
