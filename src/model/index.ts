export { checkModel, type Locate } from './checkModel.js'
export type { CommunicationPlan, SyncTraffic, Traffic } from './communication.js'
export { type CompletedModel, completeModel, type ModelFields } from './completeModel.js'
export {
  completeDegrees,
  type Degrees,
  deviceCount,
  type MeshAxis,
  meshAxes,
  meshStride,
  type PartialDegrees,
} from './degrees.js'
export {
  type Activation,
  activations,
  type Biases,
  biasChoices,
  expertLayerCount,
  type Family,
  families,
  hasBias,
  isExpertLayer,
  type ModelDescription,
} from './description.js'
export type { Layer, LayerAlternatives, LayerChoice, LayerEdge } from './layerAlternatives.js'
export { type ParameterCount, parameterCount } from './parameterCount.js'
export type { PipelineSchedule } from './pipelineSchedule.js'
export {
  microbatchCount,
  type Precision,
  precisions,
  processedSequences,
  type Recipe,
  type Recomputation,
  recomputations,
  type Sharing,
  type TrainingRun,
} from './run.js'
export { deviceSlowness, type Stragglers } from './stragglers.js'
