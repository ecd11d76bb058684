import { hasBias } from '../../model/index.js'
import { settleGradient, weightGradient } from './gradients.js'
import type { NormBackward } from './norm.js'
import type { Step } from './step.js'

/** One op: output, mean and reciprocal deviation in the compute type (native_layer_norm of the CPU, which the tracker runs on). */
export function layerNormForward({ ledger, sizes, bytes, tokens }: Step, isKept: boolean): void {
  const statistics = 2 * bytes.compute * tokens
  ledger.run(sizes.hidden + statistics)
  if (!isKept) ledger.run(-statistics)
}

/** One op gives all gradients; the incoming one, the input and the statistics go. */
export function layerNormBackward(step: Step, { hasResidual, isReduced }: NormBackward): void {
  const { ledger, sizes, bytes, tokens, request } = step
  const { hidden } = sizes
  const parameters = request.model.hidden * (hasBias(request.model, 'norm') ? 2 : 1)
  weightGradient(step, parameters)
  ledger.run(hidden, -2 * hidden - 2 * bytes.compute * tokens)
  if (!isReduced) settleGradient(step, parameters)
  if (hasResidual) ledger.run(hidden, -2 * hidden)
}
