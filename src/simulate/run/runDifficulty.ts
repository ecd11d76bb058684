import { type CostContext, type Difficulty, isCongested } from '../../cost/training/index.js'
import type { RunBreakdown } from './predictRun.js'
import type { PreparedRun } from './prepareRun.js'

/** How hard a run is to predict, by what its own prediction says. */
export function runDifficulty(
  { cluster, sharing, run, microbatches }: PreparedRun,
  context: CostContext,
  prediction: { readonly breakdown: RunBreakdown; readonly stepSeconds: number; readonly peakBytes: number },
): Difficulty {
  const { breakdown, stepSeconds, peakBytes } = prediction
  const is = (condition: boolean) => (condition ? 1 : 0)
  return {
    base: 1,
    bubble: breakdown.bubble / stepSeconds,
    communication: breakdown.exposedCommunication / stepSeconds,
    hosts: Math.log2(Math.max(1, cluster.devices / cluster.domainDevices)),
    tensorOverHosts: is(sharing.degrees.tensor > cluster.domainDevices),
    congested: is(sharing.degrees.tensor > 1 && isCongested(context)),
    fullMemory: Math.max(0, Math.min(1.25, peakBytes / cluster.memoryBytes) - 0.75),
    fewMicrobatches: is(microbatches <= 2),
    experts: is(run.model.experts > 0),
  }
}
