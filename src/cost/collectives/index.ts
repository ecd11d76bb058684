export { type CollectiveRequest, collectiveSeconds } from './collectiveSeconds.js'
export type { CollectiveConstants, NetworkConstants } from './constants.js'
export type {
  Collective,
  CollectiveAlgorithm,
  CollectiveCalibration,
  CollectiveCost,
  CollectiveProtocol,
  GroupLinks,
  RankGroup,
} from './types.js'
export { collectives } from './types.js'
