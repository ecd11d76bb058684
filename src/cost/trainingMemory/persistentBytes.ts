import type { Degrees, Sharing } from '../../model/index.js'
import { type MatrixShape, type OptimizerPreset, optimizerCost } from './optimizers.js'
import type { StateLayout } from './stateLayouts.js'

/** Parameters of one rank after tensor, pipeline and expert parallelism, before ZeRO. */
export interface RankParameters {
  readonly dense: number
  /** Of routed experts: copies of them lie on other ranks than copies of the rest. */
  readonly expert: number
}

export interface PersistentOptions {
  readonly degrees: Degrees
  readonly zeroStage: Sharing['zeroStage']
  readonly layout: StateLayout
  readonly optimizer: OptimizerPreset
  /** A typical weight matrix, for optimizers whose state depends on it. */
  readonly matrix: MatrixShape
}

export interface PersistentBytes {
  readonly weights: number
  readonly gradients: number
  /** Master weights and the optimizer's state. */
  readonly optimizer: number
  readonly total: number
}

/**
 * What a rank holds from step to step. Dense parameters are the same on data x context ranks, experts on data x context x tensor / expert
 * (Megatron-Core's and torchtitan's convention: expert parallelism runs over the other axes).
 */
export function persistentBytes(parameters: RankParameters, options: PersistentOptions): PersistentBytes {
  const { data, context, tensor, expert } = options.degrees
  const dense = shareBytes(parameters.dense, data * context, options)
  const experts = shareBytes(parameters.expert, Math.max(1, (data * context * tensor) / expert), options)
  const weights = dense.weights + experts.weights
  const gradients = dense.gradients + experts.gradients
  const optimizer = dense.optimizer + experts.optimizer
  return { weights, gradients, optimizer, total: weights + gradients + optimizer }
}

/** `copies`: ranks that hold the same parameters, over which ZeRO spreads them. */
function shareBytes(
  parameters: number,
  copies: number,
  { zeroStage, layout, optimizer, matrix }: PersistentOptions,
): Omit<PersistentBytes, 'total'> {
  const share = (bytes: number, from: number) => (zeroStage >= from ? bytes / copies : bytes)
  const buffers = zeroStage >= 1 ? layout.shardingBuffers.everywhere + layout.shardingBuffers.spread / copies : 0
  const state = optimizerCost(optimizer, parameters, matrix).stateBytes
  return {
    weights: parameters * share(layout.weightBytes, layout.weightsSpreadFrom),
    gradients: parameters * share(layout.gradientBytes, layout.gradientsSpreadFrom),
    optimizer: share(parameters * layout.masterBytes + state, 1) + parameters * buffers,
  }
}
