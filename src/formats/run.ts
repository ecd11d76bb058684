import { communicationPlan, usualHostMemoryBytesPerSecond } from '../cost/training/index.js'
import { Problems } from '../errors/index.js'
import type { DeviceCatalogue, RunCluster } from '../hardware/index.js'
import {
  checkModel,
  completeDegrees,
  completeModel,
  type ModelDescription,
  type Sharing,
  type TrainingRun,
} from '../model/index.js'
import { scheduleKind } from '../schedule/pipeline/index.js'
import { parseActionCsv, readActionLists } from './actionCsv.js'
import { type ModelReading, modelFields } from './model.js'
import { modelFieldsSchema } from './modelSchema.js'
import { readRunCluster } from './runCluster.js'
import { type FsdpDocument, type RunDocument, runSchema } from './runSchema.js'
import { isInlineModel, runWarnings } from './runWarnings.js'
import { parseInto } from './schemaProblems.js'

/** What a run's names refer to: given by whoever may open files. */
export interface RunReferences {
  readonly catalogue: DeviceCatalogue
  /** The model of a path, of a shipped model's name, or of a Hugging Face config written in place. */
  model(reference: string | Readonly<Record<string, unknown>>, where: string): ModelReading
  /** The cluster of a preset's name, of a path, or of a stowage.cluster written in place. */
  cluster(reference: string | Readonly<Record<string, unknown>>, where: string): RunCluster
  /** The text of a file that a run names. */
  text(path: string, where: string): string
}

export interface RunReading {
  readonly run: TrainingRun
  readonly cluster: RunCluster
  /** Set where memory is asked for to the byte. */
  readonly fsdp?: FsdpDocument
  /** Every default that was taken. */
  readonly assumed: readonly string[]
  /** Keys that mean nothing. */
  readonly warnings: readonly string[]
}

/** A parsed stowage.run, complete. Wrong fields are E105 at their pointer, impossible degrees E603. */
export function readRun(value: unknown, where: string, references: RunReferences): RunReading {
  const problems = new Problems()
  const document = parseInto(runSchema, value, where, problems)
  problems.throwIfAny()
  const { training, parallelism = {}, stack, stragglers } = document!
  const assumed: string[] = []
  const assume = <T>(given: T | null | undefined, field: string, taken: T, why: string): T => {
    if (given !== null && given !== undefined) return given
    assumed.push(`${field} ${String(taken)} (${why})`)
    return taken
  }
  const model = readRunModel(document!, where, references, assumed)
  const cluster = readRunCluster(document!.cluster, `${where}#/cluster`, references, assumed)
  if (parallelism.offload && cluster.hostMemoryBytesPerSecond === undefined)
    assumed.push(`hostMemoryBytesPerSecond ${usualHostMemoryBytesPerSecond} (none is given)`)
  const microbatch = assume(training.microbatch, 'microbatch', 1, 'none is given')
  const recipe = {
    globalBatch: training.globalBatch,
    microbatch,
    precision: assume(training.precision, 'precision', 'bf16' as const, 'none is given'),
    recompute: assume(training.recompute, 'recompute', 'none' as const, 'none is given'),
    optimizer: assume(training.optimizer, 'optimizer', 'adamw', 'none is given'),
  }
  return {
    run: {
      model,
      recipe,
      sharing: readSharing(parallelism, cluster, where, assume, references),
      stack: assume(stack, 'stack', 'generic', 'none is given'),
      ...(stragglers && {
        stragglers: { speeds: stragglers.speeds ?? {}, ...(stragglers.spread && { spread: stragglers.spread }) },
      }),
    },
    cluster,
    ...(typeof parallelism.fsdp === 'object' && parallelism.fsdp !== null && { fsdp: parallelism.fsdp }),
    assumed,
    warnings: runWarnings(value, document!, where),
  }
}

type Assume = <T>(given: T | null | undefined, field: string, taken: T, why: string) => T

function readSharing(
  p: NonNullable<RunDocument['parallelism']>,
  cluster: RunCluster,
  where: string,
  assume: Assume,
  references: Pick<RunReferences, 'text'>,
): Sharing {
  const degrees = completeDegrees(
    { tensor: p.tp ?? 1, pipeline: p.pp ?? 1, context: p.cp ?? 1, expert: p.ep ?? 1, ...(p.dp ? { data: p.dp } : {}) },
    cluster.devices,
    `${where}#/parallelism`,
  )
  const fsdp = typeof p.fsdp === 'object' ? (p.fsdp ?? undefined) : undefined
  const stated = typeof p.fsdp === 'boolean' ? p.fsdp : undefined
  const fullyShard = fsdp !== undefined || (stated ?? p.zeroStage === 3)
  // The object decides where it disagrees with zeroStage (FORMATS).
  const shardStage = fsdp ? (fsdp.reshardAfterForward === false ? 2 : 3) : fullyShard ? (p.zeroStage ?? 3) : p.zeroStage
  const zeroStage =
    degrees.data * degrees.context === 1 ? (shardStage ?? 0) : assume(shardStage, 'zeroStage', 0, 'none is given')
  return {
    degrees,
    ...(p.virtualStages ? { virtualStages: p.virtualStages } : {}),
    ...readSchedule(p.schedule, `${where}#/parallelism/schedule`, references),
    sequenceParallel: degrees.tensor > 1 && (p.sequenceParallel ?? false),
    zeroStage,
    fullyShard,
    offload: p.offload ?? false,
    ...(p.communication?.length && {
      communication: communicationPlan(
        p.communication,
        { zeroStage, fullyShard },
        `${where}#/parallelism/communication`,
      ),
    }),
  }
}

/** A schedule by name, or the program itself: from a file, or from the run. */
function readSchedule(
  schedule: NonNullable<RunDocument['parallelism']>['schedule'],
  at: string,
  references: Pick<RunReferences, 'text'>,
): Pick<Sharing, 'schedule' | 'program'> {
  if (!schedule) return {}
  if (typeof schedule === 'string') {
    scheduleKind(schedule, at)
    return { schedule }
  }
  const { actions } = schedule
  if (typeof actions === 'string')
    return { program: parseActionCsv(references.text(actions, `${at}/actions`), actions, schedule) }
  const whereOf = (rank: number) => `${at}/actions/${rank}`
  return { program: readActionLists(actions, whereOf, `${at}/actions`, schedule) }
}

function readRunModel(
  { model, training }: RunDocument,
  where: string,
  references: RunReferences,
  assumed: string[],
): ModelDescription {
  const at = `${where}#/model`
  const read = isInlineModel(model)
    ? inlineModel(model, at)
    : references.model(model as string | Record<string, unknown>, at)
  assumed.push(...read.assumed)
  const seq = training.seq ?? read.model.seq
  return seq === read.model.seq ? read.model : { ...read.model, seq }
}

function inlineModel(value: object, at: string): Pick<ModelReading, 'model' | 'assumed'> {
  const problems = new Problems()
  const named = 'name' in value ? value : { ...value, name: 'model' }
  const fields = parseInto(modelFieldsSchema, named, at, problems)
  problems.throwIfAny()
  const { model, assumed } = completeModel(modelFields(fields!))
  checkModel(model, (field) => `${at}/${field}`, problems)
  problems.throwIfAny()
  return { model, assumed }
}
