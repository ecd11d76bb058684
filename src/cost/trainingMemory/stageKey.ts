import { isExpertLayer, type ModelDescription } from '../../model/index.js'
import type { StageExtent } from './rankParameters.js'

/** What a stage holds, as text: stages with equal keys cost the same and hold the same. */
export function stageKey(model: ModelDescription, stage: StageExtent): string {
  const { layerCount, hasEmbedding, hasHead } = stage
  return `${layerCount} ${expertLayersOf(model, stage)} ${hasEmbedding} ${hasHead}`
}

/** How many of a stage's layers have experts. */
export function expertLayersOf(model: ModelDescription, { firstLayer, layerCount }: StageExtent): number {
  if (model.experts === 0) return 0
  let count = 0
  for (let layer = firstLayer; layer < firstLayer + layerCount; layer++) if (isExpertLayer(model, layer)) count++
  return count
}
