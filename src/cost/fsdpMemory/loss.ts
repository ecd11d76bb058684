import type { Step } from './step.js'

/** The caller drops the logits once the loss stands. */
export function lossForward(step: Step): void {
  const { ledger, sizes, bytes, request } = step
  const { logits } = sizes
  const own = bytes.compute * logits
  const wide = 4 * logits
  const copy = bytes.compute === 4 ? 0 : wide
  ledger.during('loss')
  if (request.policy.loss === 'ce-fp32') ledger.run(copy, wide, 8, -copy, -own)
  else if (request.policy.loss === 'ce-bf16') ledger.run(own, 2 * bytes.compute, -own)
  else ledger.run(bytes.compute, -own)
}

/** Leaves one gradient of the logits, in the compute type. */
export function lossBackward(step: Step): void {
  const { ledger, sizes, bytes, request } = step
  const { logits } = sizes
  const own = bytes.compute * logits
  const wide = 4 * logits
  ledger.during('loss backward')
  ledger.run(lossScalarBytes(step))
  if (request.policy.loss === 'ce-fp32') {
    ledger.run(wide, -4, wide, -2 * wide)
    if (bytes.compute !== 4) ledger.run(own, -wide)
  } else if (request.policy.loss === 'ce-bf16') ledger.run(own, -bytes.compute, own, -2 * own)
  else ledger.run(own)
}

/** Of the loss, and of the gradient that backward starts with. */
export function lossScalarBytes({ bytes, request }: Step): number {
  return request.policy.loss === 'ce-fp32' ? 4 : bytes.compute
}
