export { pipelineSchedule, pipelineScheduleNames } from './pipelineSchedule.js'
export type { PipelineShape } from './shape.js'
export {
  type Action,
  type ActionKind,
  actionLists,
  formatAction,
  type PipelineSchedule,
  unpackAction,
} from './types.js'
