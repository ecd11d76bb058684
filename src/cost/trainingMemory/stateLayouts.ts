import type { Sharing } from '../../model/index.js'

type ZeroStage = Sharing['zeroStage']

/**
 * Bytes that a stack keeps per parameter from step to step, without the optimizer's own state, and from which ZeRO stage (arXiv 1910.02054) each
 * part is spread over the ranks that hold the same parameters.
 */
export interface StateLayout {
  readonly name: string
  readonly weightBytes: number
  readonly gradientBytes: number
  /** fp32 copy that the optimizer updates; 0 where the weights are it. Spread as the optimizer's state is, from stage 1. */
  readonly masterBytes: number
  readonly weightsSpreadFrom: ZeroStage
  readonly gradientsSpreadFrom: ZeroStage
  /** Buffers that appear with sharding of the optimizer (stage 1 and later): on every rank, and spread. */
  readonly shardingBuffers: { readonly everywhere: number; readonly spread: number }
  readonly source: string
}

const noBuffers = { everywhere: 0, spread: 0 }

const layouts: readonly StateLayout[] = [
  {
    name: 'megatron',
    weightBytes: 2,
    gradientBytes: 4,
    masterBytes: 4,
    weightsSpreadFrom: 3,
    gradientsSpreadFrom: 2,
    shardingBuffers: noBuffers,
    source: 'Megatron-LM docs, distributed optimizer: 18 bytes with Adam, 6 + 12/d distributed',
  },
  {
    name: 'deepspeed',
    weightBytes: 2,
    gradientBytes: 2,
    masterBytes: 4,
    weightsSpreadFrom: 3,
    gradientsSpreadFrom: 2,
    shardingBuffers: noBuffers,
    source: 'arXiv 1910.02054, section 3.1: 16 bytes; 4 + 12/d, 2 + 14/d, 16/d at stages 1, 2, 3',
  },
  {
    name: 'nanotron',
    weightBytes: 2,
    gradientBytes: 6,
    masterBytes: 4,
    weightsSpreadFrom: 3,
    gradientsSpreadFrom: 2,
    shardingBuffers: { everywhere: 2, spread: 2 },
    source:
      'bf16 weights and gradients, fp32 gradients and master: 20 bytes; with ZeRO-1 static memory of the 1.34B runs of the Ultra-Scale Playbook is 10.06 + 14/d (measured, d 8 to 256)',
  },
  {
    name: 'fsdp',
    weightBytes: 4,
    gradientBytes: 4,
    masterBytes: 0,
    weightsSpreadFrom: 3,
    gradientsSpreadFrom: 2,
    shardingBuffers: noBuffers,
    source:
      'arXiv 2304.11277; FSDP2 and torchtitan (arXiv 2410.06511): fp32 shards, cast when gathered, 16/d with Adam',
  },
  {
    name: 'bf16',
    weightBytes: 2,
    gradientBytes: 2,
    masterBytes: 0,
    weightsSpreadFrom: 3,
    gradientsSpreadFrom: 2,
    shardingBuffers: noBuffers,
    source: 'everything in bf16, no master weights',
  },
]

export const stateLayouts: Readonly<Record<string, StateLayout>> = Object.fromEntries(
  layouts.map((layout) => [layout.name, layout]),
)
