import type { CollectiveTables } from '../cost/collectives/index.js'
import type { FsdpMemory } from '../cost/fsdpMemory/index.js'
import { type CalibrationEntry, type KnownStack, resolveCalibration, substitutedType } from '../cost/training/index.js'
import { type RunReferences, readRun } from '../formats/run.js'
import { fsdpPhases, predictRun, prepareRun, type RunPrediction } from '../simulate/index.js'

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
  /** Every default that was taken. */
  readonly assumed: readonly string[]
}

/** The answer for one stowage.run: predicted step time with an interval, where it goes, and memory by stage. */
export function simulateRun(value: unknown, where: string, tables: RunTables): SimulatedRun {
  const { run, cluster, fsdp, assumed } = readRun(value, where, tables.references)
  const prepared = prepareRun(run, cluster, tables.stacks)
  const { sheets } = tables.references.catalogue
  const { kind } = cluster.sheet
  const calibration = resolveCalibration(tables.calibrations, prepared.stack, kind, (name) => sheets.get(name)?.kind)
  const prediction = predictRun(prepared, calibration)
  const wider = substitutedType(kind, run.recipe.precision)
  const exact = fsdp && fsdpPhases(prepared, fsdp)
  return {
    kind: 'stowage.prediction',
    schemaVersion: '1.0',
    ...prediction,
    ...(exact && withFsdpMemory(prediction, exact, prepared.stack.habits.usableMemoryShare * cluster.memoryBytes)),
    assumed: [
      ...assumed,
      ...prepared.assumed,
      ...(wider ? [`${run.recipe.precision} runs as ${wider} (${kind.name} has no peak for it)`] : []),
    ],
  }
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
