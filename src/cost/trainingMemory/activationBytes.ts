import type { ModelDescription, Precision, Recomputation } from '../../model/index.js'

export type LayerKind = 'dense' | 'expert'

export interface ActivationOptions {
  /** Tokens of one microbatch on one context-parallel rank: batch x seq / cp. */
  readonly tokensPerRank: number
  /** Sequences of the microbatch. */
  readonly batch: number
  readonly tp: number
  /** Norms, dropouts and residuals are spread over the tensor-parallel ranks too (arXiv 2205.05198, section 4.2.2). */
  readonly sequenceParallel: boolean
  readonly cp: number
  readonly ep: number
  readonly recompute: Recomputation
  readonly precision: Precision
  /** Tokens that an expert gets over the mean; 1 is perfect balance. */
  readonly capacityFactor?: number
}

/** Bytes that one layer keeps from forward to backward of one microbatch, by part. */
export interface ActivationBytes {
  readonly norms: number
  readonly attention: number
  /** Scores and their dropout, where attention writes them to memory. */
  readonly scores: number
  readonly mlp: number
  /** Router and the copies of tokens sent to experts. */
  readonly routing: number
  readonly dropoutMasks: number
  readonly total: number
}

/**
 * Korthikanti et al. (arXiv 2205.05198, section 4), generalised: sbh(34 + 5as/h) for a GPT layer in 16 bits, the parts that tensor parallelism cuts
 * over t, the rest over t too with sequence parallelism.
 */
export function activationBytes(model: ModelDescription, kind: LayerKind, options: ActivationOptions): ActivationBytes {
  const { tokensPerRank: tokens, recompute, precision, tp, sequenceParallel } = options
  const bytes = elementBytes(precision)
  const spread = sequenceParallel ? tp : 1
  if (recompute === 'full') return sum({ norms: (bytes.value * tokens * model.hidden) / spread })
  const norms = model.normPlacement === 'both' ? 4 : 2
  const dropout = model.dropout > 0 ? 2 : 0
  return sum({
    norms: (norms * bytes.value * tokens * model.hidden) / spread,
    attention: attentionBytes(model, options),
    scores: recompute === 'selective' ? 0 : scoreBytes(model, options),
    mlp: kind === 'dense' ? mlpBytes(model, model.ffn, tokens, options) : expertBytes(model, options),
    routing: kind === 'dense' ? 0 : routingBytes(model, options),
    dropoutMasks: (dropout * tokens * model.hidden) / spread,
  })
}

function sum(parts: Partial<Omit<ActivationBytes, 'total'>>): ActivationBytes {
  const { norms = 0, attention = 0, scores = 0, mlp = 0, routing = 0, dropoutMasks = 0 } = parts
  const total = norms + attention + scores + mlp + routing + dropoutMasks
  return { norms, attention, scores, mlp, routing, dropoutMasks, total }
}

/** Of activations, and of the inputs of matrix products, which 8- and 4-bit recipes keep as they were multiplied, with a scale a block. */
function elementBytes(precision: Precision): { readonly value: number; readonly operand: number } {
  switch (precision) {
    case 'fp32':
    case 'tf32':
      return { value: 4, operand: 4 }
    case 'fp8':
      return { value: 2, operand: 1 }
    // Scale blocks of 32 (OCP Microscaling 1.0) and of 16 (NVFP4, NVIDIA 2025).
    case 'mxfp8':
      return { value: 2, operand: 1 + 1 / 32 }
    case 'nvfp4':
      return { value: 2, operand: 0.5 + 1 / 16 }
    default:
      return { value: 2, operand: 2 }
  }
}

/** Input of the projections, queries, keys, values, and what the output projection reads; for latent attention the compressed forms too. */
function attentionBytes(model: ModelDescription, options: ActivationOptions): number {
  const { tokensPerRank: tokens, tp, sequenceParallel, precision } = options
  const { value, operand } = elementBytes(precision)
  const spread = sequenceParallel ? tp : 1
  const { heads, headDim, vHeadDim, hidden } = model
  const isLatent = model.attention === 'mla'
  // Fewer key heads than ranks: each rank keeps one.
  const keyHeads = isLatent || model.expandKv ? heads / tp : Math.max(1, model.kvHeads / tp)
  const split = value * ((heads / tp) * headDim + keyHeads * (headDim + vHeadDim)) + operand * (heads / tp) * vHeadDim
  // Each rank computes the whole compressed forms, before and after their norms (arXiv 2405.04434, section 2.1).
  const latent = isLatent ? (value + operand) * (model.qLoraRank + model.kvLoraRank) + value * model.qkRopeHeadDim : 0
  const logSumExp = model.attentionKernel === 'flash' ? (4 * heads) / tp : 0
  return tokens * ((operand * hidden) / spread + split + latent / spread + logSumExp)
}

/**
 * 5as/h of Korthikanti: softmax in 16 bits, dropout's mask, its output; 4 without dropout. Flash attention (arXiv 2205.14135) keeps none; grouped
 * or not, each query head has its scores.
 */
function scoreBytes(model: ModelDescription, { tokensPerRank, batch, cp, tp, precision }: ActivationOptions): number {
  if (model.attentionKernel === 'flash') return 0
  const seq = (tokensPerRank * cp) / batch
  const { value } = elementBytes(precision)
  return (2 * value + (model.dropout > 0 ? 1 : 0)) * (model.heads / tp) * tokensPerRank * seq
}

/** Input, what the activation reads, and what the last product reads; a fused gated activation (SwiGLU, arXiv 2002.05202) reads two. */
function mlpBytes(model: ModelDescription, ffn: number, tokens: number, options: ActivationOptions): number {
  const { value, operand } = elementBytes(options.precision)
  const { tp, sequenceParallel } = options
  const input = (operand * model.hidden) / (sequenceParallel ? tp : 1)
  return tokens * (input + ((model.gatedMlp ? 2 : 1) * value * ffn + operand * ffn) / tp)
}

/** Routed rows, topK a token: every rank of the tensor group serves a part of them. Shared experts are a plain MLP beside. */
function expertBytes(model: ModelDescription, options: ActivationOptions): number {
  const { value, operand } = elementBytes(options.precision)
  const rows = routedRows(model, options)
  const inside = rows * model.expertFfn * ((model.gatedMlp ? 2 : 1) * value + operand)
  return inside + (model.sharedFfn ? mlpBytes(model, model.sharedFfn, options.tokensPerRank, options) : 0)
}

/** Router input, fp32 logits and probabilities, permuted rows as the experts read them, and the rows that come back to be weighted and summed. */
function routingBytes(model: ModelDescription, options: ActivationOptions): number {
  const { value, operand } = elementBytes(options.precision)
  const spread = options.sequenceParallel ? options.tp : 1
  const tokens = options.tokensPerRank / spread
  const router = tokens * (value * model.hidden + 2 * 4 * model.experts + (4 + 8) * model.topK)
  return router + routedRows(model, options) * (operand + value) * model.hidden
}

function routedRows(model: ModelDescription, { tokensPerRank, tp, capacityFactor = 1 }: ActivationOptions): number {
  return (tokensPerRank / tp) * model.topK * capacityFactor
}
