import type { CostContext } from './context.js'
import { matrixRate } from './matmul.js'

export interface PassSeconds {
  readonly forward: number
  readonly backward: number
}

/**
 * The attention core of one layer and microbatch: softmax(QK^T)V. Fused kernels (arXiv 2205.14135) run at a share of the 16-bit peak and compute half
 * the scores of a causal model; unfused ones compute all and pass each score over memory 14 bytes forward and 16 backward (softmax, mask, dropout; arXiv 2205.05198, section 4.1 counts what is kept).
 */
export function attentionSeconds(context: CostContext): PassSeconds {
  const { model, recipe, sharing, cluster, habits, coefficients: c } = context
  const { tensor, context: cp } = sharing.degrees
  const heads = model.heads / tensor
  const scores = (recipe.microbatch * model.seq ** 2 * heads) / cp
  const flops = 2 * scores * (model.headDim + model.vHeadDim)
  const { kind } = cluster.sheet
  const peak = kind.flopsPerSecond.bf16 ?? kind.flopsPerSecond.fp16 ?? kind.flopsPerSecond.fp32!
  if (habits.unfusedAttention || model.attentionKernel === 'math') {
    const rate = 0.7 * matrixRate(kind, 'bf16', c).flopsPerSecond
    const traffic = (c.scoreTraffic * scores) / kind.memoryBytesPerSecond
    return { forward: flops / rate + 14 * traffic, backward: (2 * flops) / rate + 16 * traffic }
  }
  const forward = (flops * (model.causal ? 0.5 : 1)) / (peak * c.attentionEfficiency)
  return { forward, backward: 2.5 * c.attentionBackwardSlowdown * forward }
}
