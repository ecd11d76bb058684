export {
  type Calibration,
  type CalibrationEntry,
  type DeviceRates,
  resolveCalibration,
  runInterval,
} from './calibration.js'
export {
  type CoefficientName,
  type CoefficientSpec,
  type Coefficients,
  coefficientNames,
  coefficientSpecs,
  priorCoefficients,
} from './coefficients.js'
export { communicationMethodNames, communicationMethods } from './communicationMethods.js'
export { type CommunicationChoice, communicationPlan } from './communicationPlan.js'
export type { CostContext } from './context.js'
export type { StepExchanges } from './exchange.js'
export { isCongested } from './layer.js'
export { domainNetwork, type GroupLink, ringRate } from './links.js'
export { substitutedType } from './matmul.js'
export {
  type MemoryCoefficientName,
  type MemoryCoefficients,
  memoryCoefficientNames,
  memorySpecs,
  priorMemory,
} from './memoryCoefficients.js'
export { usualHostMemoryBytesPerSecond } from './optimizerStep.js'
export { shardedUnitBytes } from './shardedUnits.js'
export { type Difficulty, type SpreadName, type SpreadWeights, spreadNames, spreadOf, spreadSpecs } from './spread.js'
export { type KnownStack, matchStack, type StackHabits, type StackMatch } from './stackHabits.js'
export { type StageLike, type StagePass, type StageSeconds, stageSeconds } from './stage.js'
export { type Exchange, exchangeSeconds } from './traffic.js'
