export { canonicalJson } from './canonicalJson.js'
export type { PlanExplanation, WhyNot } from './explanation.js'
export { calibrationHash, clusterHash, graphHash, hashOf } from './hash.js'
export { placementDecisions, readOrder, readPlacement } from './placementDecisions.js'
export { runDecisions } from './runDecisions.js'
export { evenLayout, parameterWalkLayout, type StageContent } from './stageLayout.js'
export { type TensorParallelStyle, tensorParallelStyles } from './tensorParallelStyles.js'
export type {
  Decisions,
  Explanation,
  FsdpBufferDecision,
  FsdpUnitDecision,
  InputIdentity,
  OrderEntry,
  PlacementPrediction,
  Plan,
  PlanOf,
  Provenance,
  RunPlan,
  RunPlanPrediction,
  ScheduleDocument,
  ShardPlan,
  ShardPrediction,
  StageDecision,
} from './types.js'
export { isRunPlan } from './types.js'
