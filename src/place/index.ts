export { certify, type LowerBound } from './lowerBound.js'
export type { NearestMiss, Placement } from './placement.js'
export { type PlacementPlan, type PlaceOptions, type PlacerName, placers, planPlacement } from './plan.js'
export {
  measureLoads,
  type PlannedStage,
  planStages,
  planThroughput,
  type StagesOptions,
  type StagesPlan,
  type ThroughputOptions,
  type ThroughputPlan,
} from './throughput/index.js'
