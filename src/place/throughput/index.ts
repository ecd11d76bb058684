export type { LoadBound } from './bounds.js'
export { type MeasuredLoads, measureLoads } from './measureLoads.js'
export { planThroughput, type ThroughputOptions, type ThroughputPlan } from './planThroughput.js'
