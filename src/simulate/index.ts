export { type PredictedPlacement, predictPlacement } from './placement.js'
export {
  costContext,
  fsdpPhases,
  type PreparedRun,
  playedSeconds,
  predictRun,
  prepareRun,
  type RunPrediction,
  runLength,
  type UnfoldedRun,
  unfoldRun,
  workSeconds,
} from './run/index.js'
