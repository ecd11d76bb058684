export type { LoadBound } from './bounds.js'
export { type MeasuredLoads, measureLoads } from './measureLoads.js'
export { type PlannedStage, planStages, type StagesOptions, type StagesPlan } from './planStages.js'
export { planThroughput, type ThroughputOptions, type ThroughputPlan } from './planThroughput.js'
