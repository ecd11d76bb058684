import type { FsdpMemoryRequest } from './request.js'

/** Why this account may differ from the tracker's: every kind of model or policy whose events nobody traced. Empty: exact. */
export function notExactReasons({ model, shardRanks, policy }: FsdpMemoryRequest): string[] {
  const reasons: string[] = []
  const unless = (isTraced: boolean, reason: string) => {
    if (!isTraced) reasons.push(reason)
  }
  unless(shardRanks > 1, 'one rank alone: nothing is gathered')
  unless(typeof policy.reshardAfterForward === 'boolean', 'sharding again over fewer ranks: the tracker itself fails')
  unless(model.experts === 0, 'experts')
  unless(model.norm === 'rmsnorm', 'layer norm')
  unless(model.biases === 'none', 'biases')
  unless(model.positions === 'none', `${model.positions} positions`)
  unless(!model.tiedEmbeddings, 'tied embeddings')
  return reasons
}
