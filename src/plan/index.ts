export { canonicalJson } from './canonicalJson.js'
export { calibrationHash, clusterHash, graphHash, hashOf } from './hash.js'
export { placementDecisions, readOrder, readPlacement } from './placementDecisions.js'
export { evenLayout, parameterWalkLayout, type StageContent } from './stageLayout.js'
export type {
  Decisions,
  Explanation,
  InputIdentity,
  OrderEntry,
  PlacementPrediction,
  Plan,
  Provenance,
  ScheduleDocument,
  StageDecision,
} from './types.js'
