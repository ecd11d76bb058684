import type { FsdpMemoryRequest, FsdpPolicy } from '../../../src/cost/fsdpMemory/index.js'
import { completeModel, type ModelFields } from '../../../src/model/index.js'

const tracedModel: ModelFields = {
  name: 'traced',
  layers: 4,
  hidden: 256,
  heads: 4,
  kvHeads: 2,
  ffn: 512,
  vocab: 1000,
  gatedMlp: true,
  positions: 'none',
  expandKv: true,
  tiedEmbeddings: false,
}

const policy: FsdpPolicy = {
  units: 'block+root',
  reshardAfterForward: true,
  originalDtype: 'fp32',
  parameterDtype: 'bf16',
  reduceDtype: 'fp32',
  prefetch: 'implicit',
  optimizer: 'adamw-foreach',
  clipGradients: false,
  accumulation: 1,
  syncEveryMicrobatch: true,
  loss: 'ce-fp32',
}

/** A request of the traced kind, changed in some fields. */
export function request({
  model,
  policy: changed,
  ...rest
}: {
  model?: Partial<ModelFields>
  policy?: Partial<FsdpPolicy>
} & Partial<Omit<FsdpMemoryRequest, 'model' | 'policy'>> = {}): FsdpMemoryRequest {
  return {
    model: completeModel({ ...tracedModel, ...model }).model,
    batch: 2,
    seq: 128,
    shardRanks: 8,
    replicas: 1,
    rank: 0,
    recompute: 'none',
    ...rest,
    policy: { ...policy, ...changed },
  }
}
