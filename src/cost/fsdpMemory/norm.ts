import { settleGradient, weightGradient } from './gradients.js'
import { layerNormBackward, layerNormForward } from './layerNorm.js'
import type { Step } from './step.js'

/**
 * RMSNorm as separate ops in fp32: cast, mean of squares, reciprocal root, product, cast back, product with the weight.
 * `isKept`: backward will want what it saves; else (under checkpointing) only the output stays.
 */
export function normForward(step: Step, isKept: boolean): void {
  const { ledger, sizes, bytes, request } = step
  const { hidden, hidden32: wide, row } = sizes
  if (request.model.norm === 'layernorm') {
    layerNormForward(step, isKept)
    return
  }
  if (bytes.compute === 4) {
    ledger.run(wide, row, row, -row, -wide, wide, wide)
    if (!isKept) ledger.run(-wide, -row)
    return
  }
  ledger.run(wide, wide, row, row, -row, -wide, wide, wide)
  if (!isKept) ledger.run(-wide, -wide)
  ledger.run(hidden, -wide)
  if (!isKept) ledger.run(-row)
}

export interface NormBackward {
  /** The gradient that goes round the norm is added at the end. */
  readonly hasResidual: boolean
  /** The input was kept for this norm alone: the first of a checkpointed block. */
  readonly releasesInput: boolean
  /** Under checkpointing. */
  readonly isRecomputed: boolean
  /** Gradients of earlier microbatches are reduced already, so this one stands for itself. */
  readonly isReduced?: boolean
}

export function normBackward(step: Step, how: NormBackward): void {
  if (step.request.model.norm === 'layernorm') layerNormBackward(step, how)
  else rmsNormBackward(step, how)
}

function rmsNormBackward(step: Step, { hasResidual, releasesInput, isRecomputed, isReduced }: NormBackward): void {
  const { ledger, sizes, bytes, request } = step
  const { hidden, hidden32: wide, row } = sizes
  const { hidden: width } = request.model
  const isWide = bytes.compute === 4
  if (!isWide) ledger.run(wide, -hidden)
  ledger.run(wide, wide)
  // What was computed again goes as soon as it was read; what was saved when the op is done.
  if (isRecomputed) ledger.run(-wide)
  if (!isWide) ledger.run(4 * width, -wide)
  weightGradient(step, width)
  if (isWide) ledger.run(-wide, -wide)
  else ledger.run(-4 * width, -wide)
  if (!isRecomputed) ledger.run(-wide)
  if (!isReduced) settleGradient(step, width)
  ledger.run(wide, wide, row, -wide, -wide)
  if (isWide && hasResidual) ledger.run(wide, -wide, -wide)
  ledger.run(row, row, row, -row, -row, -row, -row)
  ledger.run(wide, -row, wide, wide, wide, -wide, -wide, -wide, -wide)
  if (isWide) ledger.run(wide, -wide, -wide)
  else {
    if (releasesInput) ledger.run(-hidden)
    ledger.run(wide, -wide, -wide, hidden, -wide)
    if (hasResidual) ledger.run(hidden, -hidden, -hidden)
  }
}
