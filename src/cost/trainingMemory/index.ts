export { type ActivationBytes, type ActivationOptions, activationBytes, type LayerKind } from './activationBytes.js'
export {
  type MatrixShape,
  type OptimizerPreset,
  optimizerCost,
  optimizerPresets,
  stepBytesPerParameter,
} from './optimizers.js'
export { embeddingBytes, headBytes, type OuterBytes } from './outerBytes.js'
export {
  type PersistentBytes,
  type PersistentOptions,
  persistentBytes,
  type RankParameters,
} from './persistentBytes.js'
export { layerParameters, rankParameters, type StageExtent } from './rankParameters.js'
export { expertLayersOf, stageKey } from './stageKey.js'
export { type StateLayout, stateLayouts } from './stateLayouts.js'
