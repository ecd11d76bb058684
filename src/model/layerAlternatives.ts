/**
 * A model as layers that can each be run in several ways, which is what a planner of pipeline stages chooses from: how many devices share a layer
 * (tensor parallelism), and whether its activations are kept or computed again. Pure data; made by `formats/piper`.
 */
export interface LayerAlternatives {
  readonly name: string
  readonly layers: readonly Layer[]
  readonly edges: readonly LayerEdge[]
  readonly deviceCount: number
  readonly deviceMemoryBytes: number
  /** Between any two devices. */
  readonly bytesPerSecond: number
  readonly microbatchesPerBatch: number
}

export interface Layer {
  /** Unique. */
  readonly id: string
  readonly name: string
  readonly choices: readonly LayerChoice[]
}

/** One way to run a layer. */
export interface LayerChoice {
  readonly name: string
  readonly tensorParallelDegree: number
  /** Forward and backward of one microbatch. */
  readonly secondsPerMicrobatch: number
  /** Of one of the devices that share the layer. */
  readonly parameterBytes: number
  /** A stage holds `bytesPerMicrobatch` x microbatches in flight + `fixedBytes`. */
  readonly bytesPerMicrobatch: number
  readonly fixedBytes: number
  /** Bytes that the devices of the layer exchange when the neighbour by this id is in another stage: inputs in forward, outputs in backward. */
  readonly forwardSyncBytes: Readonly<Record<string, number>>
  readonly backwardSyncBytes: Readonly<Record<string, number>>
}

export interface LayerEdge {
  readonly from: string
  readonly to: string
  /** Of one microbatch. */
  readonly bytes: number
}
