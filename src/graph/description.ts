/**
 * An operator graph as people write it: the content of a `stowage.graph` file (FORMATS), and what every importer produces.
 * Plain data, names as references. `buildGraph` checks it and turns it into the compact `OpGraph` that everything else runs on.
 */
export interface GraphDescription {
  readonly name: string
  readonly ops: readonly OpDescription[]
  readonly edges: readonly EdgeDescription[]
  readonly parameters?: readonly ParameterDescription[]
}

export type Phase = 'forward' | 'backward' | 'optimizer'

export interface OpDescription {
  readonly name: string
  readonly type: string
  readonly module?: string
  readonly phase?: Phase
  /** Measured time: one number for every device kind, or by device kind. Wins over the cost model. */
  readonly seconds?: number | Readonly<Record<string, number>>
  /** All floating-point operations of one execution. */
  readonly flops?: number
  /** The part of `flops` done by matrix, convolution, attention and recurrent arithmetic: 2 x multiply-adds. */
  readonly matrixFlops?: number
  /** Bytes read and written in device memory by one execution. */
  readonly bytesAccessed?: number
  /** Arithmetic type that selects the device's peak rate: fp32, tf32, fp16, bf16, fp8, int8. */
  readonly dtype?: string
  readonly parameterBytes?: number
  readonly temporaryBytes?: number
  readonly colocationGroup?: string
  /** Device kinds that may run the op; absent: any. */
  readonly deviceKinds?: readonly string[]
  readonly outputs?: readonly OutputDescription[]
  /** Why the importer could not cost this op fully; its cost is then a lower estimate (reported, never silent). */
  readonly unmodelled?: string
}

export interface OutputDescription {
  /** Unique in the graph. */
  readonly name: string
  readonly bytes: number
  readonly shape?: readonly number[]
  readonly dtype?: string
  /**
   * The tensor this output is only another view of (no copy, no memory); null for a constant known at import.
   * An op whose outputs are all aliases is free and folded away by `foldFreeOps`.
   */
  readonly aliasOf?: string | null
  /** Measured time of moving this tensor to another device, whichever link it takes; wins over latency + bytes / rate. */
  readonly transferSeconds?: number
}

export interface EdgeDescription {
  readonly from: string
  readonly to: string
  /** The output of `from` that travels; absent for a control edge. */
  readonly output?: string
  readonly bytes?: number
}

/** A weight: what FSDP planners shard. `op` is the op that owns its bytes. */
export interface ParameterDescription {
  readonly name: string
  readonly shape: readonly number[]
  readonly dtype: string
  readonly op?: string
  /** Every op that reads it, where more than `op` do: tied weights. */
  readonly readers?: readonly string[]
  readonly module?: string
}
