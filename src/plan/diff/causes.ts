import type { Provenance } from '../types.js'
import type { Causes } from './types.js'
import { valueChanges } from './valueChanges.js'

/** The inputs that differ. Files of another name and the same hash are the same input. */
export function causes(base: Provenance, head: Provenance): Causes {
  const inputs = (['model', 'cluster', 'calibration'] as const).flatMap((input) => {
    const [old, now] = [base.inputs[input], head.inputs[input]]
    return old.sha256 === now.sha256 ? [] : [{ input, base: old, head: now }]
  })
  return { inputs, options: valueChanges(base.inputs.options, head.inputs.options) }
}
