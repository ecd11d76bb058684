import { expertLayerCount, isExpertLayer, type ModelDescription, parameterCount } from '../../model/index.js'
import type { RankParameters } from './persistentBytes.js'

/** A run of layers with the tables at the ends. */
export interface StageExtent {
  readonly firstLayer: number
  readonly layerCount: number
  readonly hasEmbedding: boolean
  readonly hasHead: boolean
}

interface Cuts {
  readonly tensor: number
  readonly expert: number
}

/** Parameters of one rank of a stage. Tied tables are one on a stage that holds both ends, and two where the head is elsewhere. */
export function rankParameters(model: ModelDescription, stage: StageExtent, cuts: Cuts): RankParameters {
  const count = parameterCount(model)
  const ofLayer = layerParameters(model, cuts)
  const copied = model.tiedEmbeddings && !stage.hasEmbedding ? model.vocab * model.hidden : 0
  const tables = (stage.hasEmbedding ? count.embeddings : 0) + (stage.hasHead ? count.head + copied : 0)
  const sum = { dense: tables / cuts.tensor, expert: 0 }
  for (let layer = stage.firstLayer; layer < stage.firstLayer + stage.layerCount; layer++) {
    const share = ofLayer(layer)
    sum.dense += share.dense
    sum.expert += share.expert
  }
  return sum
}

/**
 * Parameters of one layer on one rank: matrices are cut by tensor parallelism, norms and routers stand on each rank, experts are spread over
 * `expert` ranks whole (arXiv 1909.08053, section 3; Megatron-Core's default of no tensor parallelism in experts). The last norm is spread over the layers.
 */
export function layerParameters(model: ModelDescription, { tensor, expert }: Cuts): (layer: number) => RankParameters {
  const count = parameterCount(model)
  const expertLayers = expertLayerCount(model)
  const denseLayers = model.layers - expertLayers
  const attention = count.attention / model.layers / tensor + count.norms / model.layers
  const plain = { dense: attention + (denseLayers ? count.mlp / denseLayers / tensor : 0), expert: 0 }
  if (expertLayers === 0) return () => plain
  const withExperts = {
    dense: attention + count.sharedExperts / expertLayers / tensor + count.routers / expertLayers,
    expert: count.experts / expertLayers / expert,
  }
  return (layer) => (isExpertLayer(model, layer) ? withExperts : plain)
}
