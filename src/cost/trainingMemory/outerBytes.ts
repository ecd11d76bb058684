import type { ModelDescription } from '../../model/index.js'

export interface OuterBytes {
  /** Input of the last norm and of the head. */
  readonly inputs: number
  /** fp32, cut over the tensor-parallel ranks by vocabulary. */
  readonly logits: number
  /** Their gradient at the moment of the loss: as large. */
  readonly logitGradients: number
}

/** What the head keeps of one microbatch: 4sbh/t(1 + v/h) of Korthikanti (arXiv 2205.05198, section 4.3), and the gradient beside. */
export function headBytes(
  model: ModelDescription,
  { tokensPerRank, tp, sequenceParallel }: { tokensPerRank: number; tp: number; sequenceParallel: boolean },
): OuterBytes {
  const inputs = (2 * 2 * tokensPerRank * model.hidden) / (sequenceParallel ? tp : 1)
  const logits = (4 * tokensPerRank * model.vocab) / tp
  return { inputs, logits, logitGradients: logits }
}

/** The embedding keeps dropout's mask alone (the same section). */
export function embeddingBytes(
  model: ModelDescription,
  { tokensPerRank, tp, sequenceParallel }: { tokensPerRank: number; tp: number; sequenceParallel: boolean },
): number {
  return model.dropout > 0 ? (tokensPerRank * model.hidden) / (sequenceParallel ? tp : 1) : 0
}
