import type { CollectiveTables } from '../cost/collectives/index.js'
import type { FsdpMemory } from '../cost/fsdpMemory/index.js'
import type { CalibrationEntry, KnownStack } from '../cost/training/index.js'
import { fail } from '../errors/index.js'
import type { RunReferences } from '../formats/run.js'
import { fsdpPhases, predictRun, type RunPrediction, type UnfoldedRun, unfoldRun } from '../simulate/index.js'
import { type ReadyRun, readyRun } from './readyRun.js'

/** The data that predictions of training runs rest on. */
export interface RunTables {
  readonly references: RunReferences
  readonly stacks: readonly KnownStack[]
  readonly calibrations: readonly CalibrationEntry[]
  readonly collectives: CollectiveTables
}

export interface SimulatedRun extends RunPrediction {
  readonly kind: 'stowage.prediction'
  readonly schemaVersion: '1.0'
  readonly unfolded?: UnfoldedRun
  /** Every default that was taken. */
  readonly assumed: readonly string[]
  /** Keys of the run that were ignored, where there are any. */
  readonly warnings?: readonly string[]
}

/** The answer for one stowage.run: predicted step time with an interval, where it goes, and memory by stage. With `unfold`, also played rank by rank. */
export function simulateRun(
  value: unknown,
  where: string,
  tables: RunTables,
  options: { readonly unfold?: boolean } = {},
): SimulatedRun {
  const ready = readyRun(value, where, tables)
  return {
    kind: 'stowage.prediction',
    schemaVersion: '1.0',
    ...predictReady(ready),
    ...(options.unfold && { unfolded: unfold(ready, where) }),
    assumed: ready.assumed,
    ...(ready.warnings.length > 0 && { warnings: ready.warnings }),
  }
}

/** Eight million tasks, which take some 20 s and 1.5 GB. */
const mostPasses = 2 ** 21

function unfold({ prepared, calibration }: ReadyRun, where: string): UnfoldedRun {
  const { cluster, microbatches, program } = prepared
  const passes = (cluster.devices * microbatches * program.stages) / program.ranks
  if (passes > mostPasses)
    fail('E204', 'the run is too large to be played rank by rank', {
      where,
      expected: `devices x microbatches x stages of a rank at most ${mostPasses}`,
      found: `${cluster.devices} x ${microbatches} x ${program.stages / program.ranks}`,
      fix: 'leave out --unfold, or state fewer replicas',
    })
  return unfoldRun(prepared, calibration)
}

/** Memory to the byte where the run asks for it. */
export function predictReady({ prepared, calibration, fsdp }: ReadyRun): RunPrediction {
  const prediction = predictRun(prepared, calibration)
  if (!fsdp) return prediction
  const limitBytes = prepared.stack.habits.usableMemoryShare * prepared.cluster.memoryBytes
  return { ...prediction, ...withFsdpMemory(prediction, fsdpPhases(prepared, fsdp), limitBytes) }
}

/** The account to the byte in place of the closed forms; what is not exact says why. */
function withFsdpMemory({ memory }: RunPrediction, fsdp: FsdpMemory, limitBytes: number) {
  const { phases, persistent, peakBytes, exact, notExactBecause } = fsdp
  return {
    peakBytes,
    peakBytesByStage: [peakBytes],
    fits: peakBytes <= limitBytes,
    memory: {
      ...memory,
      ...persistent,
      activations: fsdp.largest.bytesByKind.activations ?? 0,
      phases,
      persistent,
      exact,
      ...(notExactBecause && { notExactBecause }),
    },
  }
}
