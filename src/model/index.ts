export { checkModel, type Locate } from './checkModel.js'
export { type CompletedModel, completeModel, type ModelFields } from './completeModel.js'
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
