export { boundRun, type RunOutlook } from './boundRun.js'
export { everyRank } from './everyRank.js'
export { type FsdpSetting, fsdpPhases } from './fsdpPhases.js'
export { folded, lowerRun, type PlayedRanks } from './lowerRun.js'
export { playedSeconds } from './playedSeconds.js'
export {
  costContext,
  predictRun,
  type RunBreakdown,
  type RunPrediction,
} from './predictRun.js'
export { type PreparedRun, prepareRun } from './prepareRun.js'
export { runDifficulty } from './runDifficulty.js'
export { playRanks, type RunLength, runLength, sharedLinksLength, unfoldedLength } from './runLength.js'
export { type RankMemoryOf, rankMemories } from './runMemory.js'
export { shortPrograms } from './shortPrograms.js'
export { type StragglerEffect, straggle } from './stragglers.js'
export { type UnfoldedRun, unfoldRun } from './unfoldRun.js'
export { workSeconds } from './workKinds.js'
