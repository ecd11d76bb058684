export { fullestMoments, type Moment, type RankMoments } from './fullestMoments.js'
export { type LiveMicrobatches, liveMicrobatches } from './liveMicrobatches.js'
export { pipelineSchedule, pipelineScheduleNames, refusal, scheduleKind } from './pipelineSchedule.js'
export { type PassTicks, type PlayedSchedule, playSchedule, type ScheduleTicks } from './playSchedule.js'
export type { PipelineShape, ScheduleKind } from './shape.js'
export {
  type Action,
  type ActionKind,
  actionLists,
  formatAction,
  type PipelineSchedule,
  packAction,
  unpackAction,
} from './types.js'
export { verifySchedule } from './verifySchedule.js'
