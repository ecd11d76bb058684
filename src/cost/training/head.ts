import type { PassSeconds } from './attention.js'
import { type CostContext, tokensPerRank } from './context.js'
import { matmulSeconds, matrixRate } from './matmul.js'

/** Output head and loss of one microbatch on the last stage: a 16-bit product with the vocabulary and 20 bytes a logit of softmax and loss in fp32. */
export function headSeconds(context: CostContext): PassSeconds {
  const { model, sharing, cluster, coefficients: c } = context
  if (model.vocab === 0) return { forward: 0, backward: 0 }
  const n = tokensPerRank(context)
  const vocab = model.vocab / sharing.degrees.tensor
  const rate = matrixRate(cluster.sheet.kind, 'bf16', c)
  const product = matmulSeconds(context, rate, n, vocab, model.hidden)
  const logits = (20 * n * vocab) / cluster.sheet.kind.memoryBytesPerSecond
  return { forward: c.headSlowdown * (product + 0.4 * logits), backward: c.headSlowdown * (2 * product + 0.6 * logits) }
}

/** Lookup of the embedding on the first stage: passes over the hidden states, 16 bits forward, fp32 accumulation backward. */
export function embeddingSeconds(context: CostContext): PassSeconds {
  const { model, cluster } = context
  const row = (tokensPerRank(context) * model.hidden) / cluster.sheet.kind.memoryBytesPerSecond
  return { forward: 4 * row, backward: 10 * row }
}
