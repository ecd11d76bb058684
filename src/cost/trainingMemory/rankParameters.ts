import { expertLayerCount, type ModelDescription, type ParameterCount, parameterCount } from '../../model/index.js'
import type { RankParameters } from './persistentBytes.js'

/** What one pipeline stage holds. */
export interface StageContent {
  /** Layers with a plain MLP, and with experts. */
  readonly denseLayers: number
  readonly expertLayers: number
  readonly hasEmbedding: boolean
  readonly hasHead: boolean
}

/**
 * Parameters of one rank of a stage: matrices are cut by tensor parallelism, norms and routers stand on each rank, experts are spread over
 * `expert` ranks whole (arXiv 1909.08053, section 3; Megatron-Core's default of no tensor parallelism in experts).
 */
export function rankParameters(
  model: ModelDescription,
  stage: StageContent,
  { tensor, expert }: { readonly tensor: number; readonly expert: number },
): RankParameters {
  const count = parameterCount(model)
  const expertLayers = expertLayerCount(model)
  const layers = stage.denseLayers + stage.expertLayers
  const perLayer = (part: keyof ParameterCount, of: number) => (of === 0 ? 0 : count[part] / of)
  const cut =
    layers * perLayer('attention', model.layers) +
    stage.denseLayers * perLayer('mlp', model.layers - expertLayers) +
    stage.expertLayers * perLayer('sharedExperts', expertLayers) +
    (stage.hasEmbedding ? count.embeddings : 0) +
    (stage.hasHead ? headMatrix(model, count, stage.hasEmbedding) : 0)
  const whole = layers * perLayer('norms', model.layers) + stage.expertLayers * perLayer('routers', expertLayers)
  return {
    dense: cut / tensor + whole,
    expert: (stage.expertLayers * perLayer('experts', expertLayers)) / expert,
  }
}

/** Tied tables are one on a stage that holds both ends, and two where the head is elsewhere. */
function headMatrix(model: ModelDescription, count: ParameterCount, hasEmbedding: boolean): number {
  return count.head + (model.tiedEmbeddings && !hasEmbedding ? model.vocab * model.hidden : 0)
}
