import { forwardBits, kindMask, unitShift, weightBit } from './types.js'

/**
 * What an action waits for from another stage: 2 x unit for that unit's forward, 2 x unit + 1 for its gradient of the input, -1 for nothing.
 * `perCopy` is the number of stages of one copy of the model.
 */
export function awaitedBy(action: number, microbatches: number, perCopy: number): number {
  const kind = action & kindMask
  if (kind === weightBit) return -1
  const unit = action >> unitShift
  const stage = Math.floor(unit / microbatches) % perCopy
  if (kind === forwardBits) return stage === 0 ? -1 : 2 * (unit - microbatches)
  return stage === perCopy - 1 ? -1 : 2 * (unit + microbatches) + 1
}
