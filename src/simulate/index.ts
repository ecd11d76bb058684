export { type PredictedPlacement, predictPlacement } from './placement.js'
export {
  boundRun,
  costContext,
  fsdpPhases,
  type PreparedRun,
  playedSeconds,
  predictRun,
  prepareRun,
  type RunPrediction,
  runLength,
  shortPrograms,
  type UnfoldedRun,
  unfoldRun,
  workSeconds,
} from './run/index.js'
