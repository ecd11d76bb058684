import type { FsdpMemoryRequest } from './request.js'

/**
 * Why this account may differ from the tracker's: every part of the model or the policy whose events nobody traced, so that the nearest traced kind
 * was taken. Empty: exact.
 */
export function notExactReasons({ model, policy, shardRanks }: FsdpMemoryRequest): string[] {
  const isSeparate = policy.units === 'block+embed+head+root'
  const checks: readonly (readonly [isTraced: boolean, otherwise: string])[] = [
    [
      [true, false, 1, shardRanks].includes(policy.reshardAfterForward),
      'resharding over fewer ranks: the share that stays is counted, but the tracker fails on it',
    ],
    [
      policy.units !== 'root' || policy.prefetch === 'implicit',
      'explicit prefetch without blocks as units: not counted (torch refuses it)',
    ],
    [
      !(isSeparate && model.tiedEmbeddings),
      'tied embeddings in separate units: the table counted with the embedding (torch refuses it)',
    ],
    [
      !(isSeparate && model.positions === 'learned'),
      "learned positions beside a separate embedding: counted in the embedding's unit",
    ],
    [model.positions !== 'rope', 'rotary positions: not counted'],
    [model.experts === 0, 'experts: each layer counted as one MLP of their size, run by topK of them'],
    [model.attention !== 'mla', 'latent attention: counted as full projections'],
    [model.attentionKernel === 'flash', 'attention that writes its scores: counted as flash'],
    [model.expandKv || model.kvHeads === model.heads, 'grouped heads read without repeating them: counted as they are'],
    [model.vHeadDim === model.headDim, 'values of another width than keys: counted as keys'],
    [model.causal, 'bidirectional attention: counted as causal'],
    [!model.qkNorm, 'norms of queries and keys: not counted'],
    [!model.sinks, 'attention sinks: not counted'],
    [!model.parallelResidual, 'attention and MLP side by side: counted one after the other'],
    [model.normPlacement === 'pre', `norms ${model.normPlacement} the halves of a block: counted as before them`],
    [['gelu', 'silu', 'swiglu', 'geglu'].includes(model.activation), `activation ${model.activation}: counted as gelu`],
    [model.dropout === 0, 'dropout: not counted'],
    [
      !model.embeddingNorm && model.tokenTypes === 0 && model.imageSize === 0,
      'more than tokens and positions at the input: not counted',
    ],
    [
      model.head === 'lm' && !model.pooler && model.classes === 0,
      'another head than next-token logits: counted as one',
    ],
  ]
  return checks.flatMap(([isTraced, otherwise]) => (isTraced ? [] : [otherwise]))
}
