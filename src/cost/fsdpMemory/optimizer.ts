import type { Parameter } from './parameters.js'
import type { Step } from './step.js'

/** Two moments in the original type over the rank's own rows, and an fp32 step counter a tensor, even where its share is empty. */
export function optimizerStateBytes({ parameters, bytes, request }: Step): number {
  if (request.policy.optimizer === 'sgd') return 0
  return 2 * bytes.original * parameters.total.own + 4 * parameters.total.count
}

/** Beside the state: foreach makes one list of temporaries, the loop three of one tensor, of which the last outlives it. */
export function optimizerTemporaryBytes({ parameters, bytes, request }: Step): number {
  const { total } = parameters
  const { optimizer, clipGradients } = request.policy
  const clip = clipGradients ? bytes.original * (total.elements + total.count) : 0
  if (optimizer === 'adamw-foreach') return Math.max(clip, 4, bytes.original * total.own)
  if (optimizer !== 'adamw-for-loop') return clip
  let before = 0
  let most = 0
  const visit = ({ own }: Parameter) => {
    most = Math.max(most, before + 2 * own)
    before = own
  }
  // Two blocks in a row show every pair of neighbours.
  const blocks = Array.from({ length: Math.min(2, total.blocks) }, () => total.block).flat()
  for (const parameter of [...total.first, ...blocks, ...total.last]) visit(parameter)
  return Math.max(clip, bytes.original * most)
}
