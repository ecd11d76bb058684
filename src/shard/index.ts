export { elementsByRank } from './elementsByRank.js'
export {
  blockElements,
  type Granularity,
  type GranularityRule,
  granularityOf,
  parseGranularity,
  parseGranularityRule,
  product,
} from './granularity.js'
export { type Layout, layOut } from './layOut.js'
export { type BufferChoice, bufferChoices, type PlannedBuffer, planUnit, type UnitTensor } from './planUnit.js'
export type { Certificate, RaggedTensor } from './types.js'
