import { coefficientsOf, type MeasuredRun } from '../calibrate/index.js'
import { type StackMatch, stageSeconds } from '../cost/training/index.js'
import { readMeasurement } from '../formats/measuredRun.js'
import { readRun } from '../formats/run.js'
import { costContext, type PreparedRun, playedSeconds, prepareRun, runLength, workSeconds } from '../simulate/index.js'
import type { RunTables } from './simulateRun.js'

/** A measured run with its prediction for any coefficients, and what it is grouped by. */
export interface PreparedMeasurement extends MeasuredRun {
  readonly stack: string
  readonly device: string
  readonly source: string
  readonly prepared: PreparedRun
}

/** A parsed line of a measured batch; undefined for a run that ran out of memory: it has no step time to fit. */
export function measuredRun(
  value: unknown,
  where: string,
  tables: Pick<RunTables, 'references' | 'stacks'>,
): PreparedMeasurement | undefined {
  const measurement = readMeasurement(value, where)
  if ('ranOut' in measurement) return undefined
  const { id = where, source, stepSeconds } = measurement
  const { run, cluster } = readRun(value, where, tables.references)
  const prepared = prepareRun(run, cluster, tables.stacks)
  const stack = stackName(prepared.stack, run.stack)
  const device = cluster.sheet.kind.name
  return {
    id,
    group: `${stack} ${device}`,
    kind: kindOf(prepared),
    isPipelined: prepared.program.ranks > 1,
    measuredSeconds: stepSeconds,
    predictSeconds: predictor(prepared),
    stack,
    device,
    source,
    prepared,
  }
}

/** Releases of a stack count as the stack; one that nobody knows keeps the name it has. */
export function stackName({ habits, by }: StackMatch, written: string): string {
  return by === 'stack' ? habits.name : written.toLowerCase()
}

/** The program is laid out once: a fit asks thousands of times. */
function predictor(prepared: PreparedRun): (values: readonly number[]) => number {
  let length: ReturnType<typeof runLength> | undefined
  return (values) => {
    length ??= runLength(prepared)
    const coefficients = coefficientsOf(values)
    const stages = stageSeconds(costContext(prepared, coefficients), prepared.stages)
    return playedSeconds(prepared, length, workSeconds(stages, coefficients), coefficients)
  }
}

/** Where its collectives go, whether it has a pipeline and experts, whether many microbatches share one exchange of gradients: what the terms of the model turn on. */
function kindOf({ cluster, sharing, run, microbatches }: PreparedRun): string {
  return [
    cluster.devices > cluster.domainDevices,
    sharing.degrees.tensor > cluster.domainDevices,
    sharing.degrees.pipeline > 1,
    run.model.experts > 0,
    microbatches > 2,
  ].join()
}
