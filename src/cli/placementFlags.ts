import { Flags } from '@oclif/core'
import { effortFlag } from './modelFlags.js'

/** Flags of operator placement. */
export const placementFlags = {
  objective: Flags.string({
    description: 'What to make least: one step, or the largest device load of a stream of microbatches.',
    options: ['step-time', 'throughput'],
    default: 'step-time',
  }),
  contiguous: Flags.boolean({
    description: 'For throughput: no work leaves a device and comes back to it.',
    allowNo: true,
    default: true,
  }),
  replicate: Flags.boolean({
    description:
      "For throughput: pipeline stages that may run on several devices; PipeDream's profiles get them unasked.",
    allowNo: true,
  }),
  placer: Flags.string({
    description: 'Operator placer; auto runs all and keeps the best.',
    options: ['auto', 'etf', 'sct', 'heft', 'topo', 'optimal'],
    default: 'auto',
  }),
  'lp-solver': Flags.string({
    description: "Solver of m-SCT's linear program.",
    options: ['auto', 'highs', 'javascript-lp-solver', 'first-order'],
    default: 'auto',
  }),
  effort: effortFlag,
  schedule: Flags.boolean({ description: 'Write the start and end of every op and transfer into the plan.' }),
}
