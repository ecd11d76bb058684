export { busFactor, type CollectiveRequest, collectiveSeconds } from './collectiveSeconds.js'
export {
  type CollectiveConstants,
  type CollectiveTables,
  constantsFor,
  type ExpertExchangeConstants,
} from './constants.js'
export { type ExpertExchange, moeSeconds, type TokenDtype, tokenDtypes } from './moeSeconds.js'
export {
  type Collective,
  type CollectiveAlgorithm,
  type CollectiveCalibration,
  type CollectiveCost,
  type CollectiveProtocol,
  collectives,
  type GroupLinks,
  type RankGroup,
} from './types.js'
