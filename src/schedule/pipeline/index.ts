export { type LiveMicrobatches, liveMicrobatches } from './liveMicrobatches.js'
export { pipelineSchedule, pipelineScheduleNames } from './pipelineSchedule.js'
export { type PassTicks, type PlayedSchedule, playSchedule, type ScheduleTicks } from './playSchedule.js'
export type { PipelineShape } from './shape.js'
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
