import { expertLayerCount, isExpertLayer, type ModelDescription, parameterCount } from '../../model/index.js'

/** Elements of a part of the model, by how they are shared: dense ones over tensor ranks, experts over expert ranks. */
export interface ParameterShare {
  readonly dense: number
  readonly expert: number
}

/** Weights of one layer. */
export function layerParameters(model: ModelDescription): (layer: number) => ParameterShare {
  const count = parameterCount(model)
  const expertLayers = expertLayerCount(model)
  const denseLayers = model.layers - expertLayers
  const common = (count.attention + count.norms) / model.layers
  const plain = denseLayers ? count.mlp / denseLayers : 0
  const router = expertLayers ? (count.sharedExperts + count.routers) / expertLayers : 0
  const experts = expertLayers ? count.experts / expertLayers : 0
  return (layer) =>
    isExpertLayer(model, layer) ? { dense: common + router, expert: experts } : { dense: common + plain, expert: 0 }
}

/** Weights of a run of layers with the tables at the ends; a tied head is a copy of the embedding on another stage. */
export function stageParameters(
  model: ModelDescription,
  stage: { firstLayer: number; layerCount: number; hasEmbedding: boolean; hasHead: boolean },
): ParameterShare {
  const ofLayer = layerParameters(model)
  const count = parameterCount(model)
  let dense = (stage.hasEmbedding ? count.embeddings : 0) + (stage.hasHead ? headElements(model, count, stage) : 0)
  let expert = 0
  for (let layer = stage.firstLayer; layer < stage.firstLayer + stage.layerCount; layer++) {
    const share = ofLayer(layer)
    dense += share.dense
    expert += share.expert
  }
  return { dense, expert }
}

function headElements(
  model: ModelDescription,
  count: { readonly head: number },
  stage: { readonly hasEmbedding: boolean },
): number {
  return model.tiedEmbeddings && !stage.hasEmbedding ? model.vocab * model.hidden : count.head
}
