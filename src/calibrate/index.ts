export {
  type CalibrateOptions,
  calibrateStack,
  intervalOf,
  type MeasuredRun,
  type StackCalibration,
} from './calibrateStack.js'
export type { CalibrationReport, GroupReport, SourcesLeftOut } from './calibrationReport.js'
export { coefficientsOf, costParameters, movedCoefficients, movedMemory } from './coefficients.js'
export { type Fit, type FitOptions, type FitParameter, fitRobustly } from './fitRobustly.js'
export { fitSpread, type JudgedRun } from './fitSpread.js'
export { type ErrorSummary, errorSummary, quantile } from './summary.js'
