export { type FsdpMemory, fsdpMemory, type MemoryPhase, memoryPhases } from './fsdpMemory.js'
export type { MemoryKind } from './ledger.js'
export {
  type FsdpDtype,
  type FsdpMemoryRequest,
  type FsdpPolicy,
  fsdpLosses,
  fsdpOptimizers,
  fsdpUnits,
} from './request.js'
