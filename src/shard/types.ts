/**
 * RaggedShard: tensors share one buffer of `devices` equal shards and are cut only between whole blocks, so that collectives run in place on uneven
 * shards. The problem as numbers; names and shapes stay outside. Source: veScale-FSDP (arXiv 2602.22437), section on RaggedShard; the planner is not public.
 */
export interface RaggedTensor {
  readonly name: string
  readonly elements: number
  /** Elements of a block, which no device boundary may cut; the last block of a tensor may be short. */
  readonly granularity: number
}

/** Tensors alike in elements and granularity: which of them lies where makes no difference. */
export interface Kind {
  readonly elements: number
  readonly granularity: number
  readonly count: number
}

export interface LayoutProblem {
  readonly kinds: readonly Kind[]
  readonly devices: number
  /** The shard is a multiple of this many elements, for collectives want aligned bytes. */
  readonly unitElements: number
}

/** Kinds in the order in which they lie in the buffer, each with its start. */
export interface Arrangement {
  readonly shardElements: number
  readonly kinds: readonly number[]
  readonly starts: readonly number[]
}

/** Why no layout, whatever its order, has a smaller shard. */
export interface Certificate {
  readonly shardElements: number
  readonly reason: 'volume' | 'block' | 'pieces' | 'cuts' | 'orders'
  /** Of `pieces`: what a device holds of the tensors that the reason counts is a multiple of this. */
  readonly pieceElements?: number
}
