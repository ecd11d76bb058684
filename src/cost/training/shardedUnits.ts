import { layerParameters, rankParameters } from '../trainingMemory/index.js'
import type { CostContext } from './context.js'
import type { StageLike } from './stage.js'

/**
 * What fully sharded ranks hold unsharded at once: two gathered blocks (the one at work and the next), the tables of the ends, which stay gathered, and
 * the gradients of one block on their way out (FSDP2; the exact account is `cost/fsdpMemory`).
 */
export function shardedUnitBytes(context: CostContext, stages: readonly StageLike[]): number {
  const { model, sharing, habits } = context
  if (!sharing.fullyShard) return 0
  const ofLayer = layerParameters(model, sharing.degrees)
  let largest = 0
  let tables = 0
  let layers = 0
  for (const stage of stages) {
    for (let layer = stage.firstLayer; layer < stage.firstLayer + stage.layerCount; layer++) {
      const share = ofLayer(layer)
      const elements = share.dense + share.expert
      largest = Math.max(largest, elements)
      layers += elements
    }
    tables += rankParameters(model, { ...stage, layerCount: 0 }, sharing.degrees).dense
  }
  const gathered = sharing.zeroStage >= 3 ? 2 * largest : layers
  return 2 * (gathered + tables) + habits.gradientBytes * Math.max(largest, tables)
}
