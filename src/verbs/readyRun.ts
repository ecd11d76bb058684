import { type Calibration, resolveCalibration, substitutedType } from '../cost/training/index.js'
import { readRun } from '../formats/run.js'
import type { FsdpDocument } from '../formats/runSchema.js'
import { type PreparedRun, prepareRun } from '../simulate/index.js'
import type { RunTables } from './simulateRun.js'

/** A run that can be predicted: read, prepared, with the calibration that is nearest. */
export interface ReadyRun {
  readonly prepared: PreparedRun
  readonly calibration: Calibration
  /** Set where memory is asked for to the byte. */
  readonly fsdp?: FsdpDocument
  /** Every default that was taken. */
  readonly assumed: readonly string[]
  /** Keys of the run that mean nothing. */
  readonly warnings: readonly string[]
}

export function readyRun(value: unknown, where: string, tables: RunTables): ReadyRun {
  const { run, cluster, fsdp, assumed, warnings } = readRun(value, where, tables.references)
  const prepared = prepareRun(run, cluster, tables.stacks)
  const { sheets } = tables.references.catalogue
  const { kind } = cluster.sheet
  const wider = substitutedType(kind, run.recipe.precision)
  return {
    prepared,
    calibration: resolveCalibration(tables.calibrations, prepared.stack, kind, (name) => sheets.get(name)?.kind),
    ...(fsdp && { fsdp }),
    assumed: [
      ...assumed,
      ...prepared.assumed,
      ...(wider ? [`${run.recipe.precision} runs as ${wider} (${kind.name} has no peak for it)`] : []),
    ],
    warnings,
  }
}
