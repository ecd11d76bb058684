export { type FsdpSetting, fsdpPhases } from './fsdpPhases.js'
export { lowerRun } from './lowerRun.js'
export {
  costContext,
  playedSeconds,
  predictRun,
  type RunBreakdown,
  type RunLength,
  type RunPrediction,
  runLength,
} from './predictRun.js'
export { type PreparedRun, prepareRun } from './prepareRun.js'
export { rankMemory } from './runMemory.js'
export { workSeconds } from './workKinds.js'
