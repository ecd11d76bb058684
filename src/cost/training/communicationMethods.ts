import type { SyncTraffic, Traffic } from '../../model/index.js'

/** What a method asks of the run beside it. */
export type MethodNeed = 'shared-state' | 'whole-gradients' | 'whole-state'

/** A published way to exchange less, or less often. */
export interface CommunicationMethod {
  readonly name: string
  readonly gradients?: Traffic
  readonly parameters?: Traffic
  readonly sync?: SyncTraffic
  /** More state, a parameter. */
  readonly stateBytes: number
  readonly changesConvergence: boolean
  readonly needs?: MethodNeed
  readonly source: string
}

const fp32 = { insideBytes: 4, acrossBytes: 4 }
const fp4 = { insideBytes: 0.5, acrossBytes: 0.5 }
/** Two fp32 copies beside the weights: those of the last meeting, and an outer momentum. */
const outerState = 8
/** The outer step of local methods: weights and last weights read, difference written and read back, momentum read and written, both weights written, fp32. */
const outerStep = 32

/**
 * Every method, one entry each. Bytes are those of the papers' own settings; scales of quantisation groups, below 2 % of what they scale, are left out.
 * Memory traffic of codecs is counted from what is read and written, for no paper states it.
 */
const methods: readonly CommunicationMethod[] = [
  {
    name: 'sdp4bit',
    // Gradient read in fp32, written and read in 8 bits, and summed; decoding weights: difference, last weights, and the sum in 16 bits.
    gradients: { insideBytes: 1, acrossBytes: 0.5, codecBytes: 10 },
    parameters: { ...fp4, codecBytes: 4.5 },
    stateBytes: 0,
    changesConvergence: true,
    needs: 'shared-state',
    source: 'arXiv 2410.15526, section 3: weight differences in 4 bits, gradients in 8 inside a host and 4 between',
  },
  {
    name: 'byteps-onebit',
    // Hosts sum as the stack does; one bit an element travels between them. Gradient and residual read and written on both ends.
    gradients: { acrossBytes: 1 / 8, codecBytes: 16 },
    stateBytes: 4,
    changesConvergence: true,
    needs: 'whole-gradients',
    source: 'arXiv 2105.07829: sign and scale between hosts, error feedback in fp32',
  },
  {
    name: 'deep-gradient-compression',
    // A value and an index of one element in a thousand. Velocity and accumulated gradient read, written, searched and masked beside the gradient.
    gradients: { insideBytes: 0.008, acrossBytes: 0.008, codecBytes: 28, sparse: true },
    stateBytes: 8,
    changesConvergence: true,
    needs: 'whole-gradients',
    source: 'arXiv 1712.01887, section 3: 0.1 % of the gradient, momentum correction in two fp32 buffers',
  },
  {
    name: 'co2',
    sync: { ...fp32, codecBytes: outerStep, everySteps: 12, fragments: 1, overlapSteps: 12 },
    stateBytes: outerState + 4,
    changesConvergence: true,
    needs: 'whole-state',
    source:
      'arXiv 2401.16265, algorithm 1: the all-reduce of one round of local steps runs under the next; a buffer in flight',
  },
  {
    name: 'streaming-diloco',
    sync: { ...fp4, codecBytes: outerStep, everySteps: 100, fragments: 8, overlapSteps: 5 },
    stateBytes: outerState,
    changesConvergence: true,
    needs: 'whole-state',
    source: 'arXiv 2501.18512, section 2: fragments in turn, outer gradients in 4 bits, overlapped with inner steps',
  },
  {
    name: 'local-adaalter',
    sync: { insideBytes: 8, acrossBytes: 8, codecBytes: 16, everySteps: 4, fragments: 1, overlapSteps: 0 },
    stateBytes: 4,
    changesConvergence: true,
    needs: 'whole-state',
    source: 'arXiv 1911.09030, algorithm 4: weights and accumulated denominators are averaged every H steps',
  },
  {
    name: 'cser',
    // Blocks that all ranks choose alike are summed by a ring: one gradient block in 512 every step, one block in 16 of the residuals every 8.
    gradients: { insideBytes: 4 / 512, acrossBytes: 4 / 512, codecBytes: 12 },
    sync: { insideBytes: 4 / 16, acrossBytes: 4 / 16, codecBytes: 12, everySteps: 8, fragments: 1, overlapSteps: 0 },
    stateBytes: 4,
    changesConvergence: true,
    needs: 'whole-state',
    source: 'arXiv 2007.13221, algorithm 2: sparsified gradients every step, sparsified residuals reset every H steps',
  },
  {
    name: 'sign-momentum',
    sync: { ...fp32, codecBytes: outerStep, everySteps: 12, fragments: 1, overlapSteps: 0 },
    stateBytes: outerState,
    changesConvergence: true,
    needs: 'whole-state',
    source:
      'arXiv 2411.17866, algorithm 1: differences of local steps are averaged, the sign of their momentum is the step',
  },
  { name: 'custom', stateBytes: 0, changesConvergence: true, source: 'what the run states' },
]

export const communicationMethods: Readonly<Record<string, CommunicationMethod>> = Object.fromEntries(
  methods.map((method) => [method.name, method]),
)

export const communicationMethodNames: readonly string[] = methods.map(({ name }) => name)
