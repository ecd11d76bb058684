export {
  type CoefficientName,
  type CoefficientSpec,
  type Coefficients,
  coefficientNames,
  coefficientSpecs,
  priorCoefficients,
} from './coefficients.js'
export type { CostContext } from './context.js'
export { type Exchange, exchangeSeconds, type StepExchanges } from './exchange.js'
export { type GroupLink, ringRate } from './links.js'
export { substitutedType } from './matmul.js'
export { type ParameterShare, stageParameters } from './parameters.js'
export type { StackHabits } from './stackHabits.js'
export { type StageLike, type StagePass, type StageSeconds, stageSeconds } from './stage.js'
