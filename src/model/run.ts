import type { CommunicationPlan } from './communication.js'
import type { Degrees } from './degrees.js'
import type { ModelDescription } from './description.js'
import type { PipelineSchedule } from './pipelineSchedule.js'
import type { Stragglers } from './stragglers.js'

export const precisions = ['fp32', 'tf32', 'fp16', 'bf16', 'fp8', 'mxfp8', 'nvfp4'] as const
export type Precision = (typeof precisions)[number]

export const recomputations = ['none', 'selective', 'full'] as const
/** What of a block is computed again in backward: nothing, the attention core (arXiv 2205.05198, section 5), everything but its input. */
export type Recomputation = (typeof recomputations)[number]

/** How a model is trained: counts are sequences (FORMATS, stowage.run). */
export interface Recipe {
  readonly globalBatch: number
  readonly microbatch: number
  readonly precision: Precision
  readonly recompute: Recomputation
  readonly optimizer: string
}

/** How the work is shared, beside the degrees. */
export interface Sharing {
  readonly degrees: Degrees
  /** Model chunks a pipeline rank holds; undefined: not known, which matters where a stack usually interleaves. */
  readonly virtualStages?: number
  /** Name of the pipeline schedule. */
  readonly schedule?: string
  readonly sequenceParallel: boolean
  /** What the ranks of data parallelism share: 0 nothing, 1 optimizer state, 2 gradients too, 3 parameters too (ZeRO, arXiv 1910.02054). */
  readonly zeroStage: 0 | 1 | 2 | 3
  /** Parameters are gathered a block at a time and sharded again (FSDP). */
  readonly fullyShard: boolean
  /** Optimizer state lives in host memory. */
  readonly offload: boolean
  /** Other ways to exchange than the exact one of every step. */
  readonly communication?: CommunicationPlan
  /** The pipeline's program where the run states it action by action. */
  readonly program?: PipelineSchedule
}

/** One training run to predict, complete: what the file left out stands in `assumed`. */
export interface TrainingRun {
  readonly model: ModelDescription
  readonly recipe: Recipe
  readonly sharing: Sharing
  /** Name of the framework and its release: chooses calibration and habits. */
  readonly stack: string
  /** Absent: all devices are as fast as their kind. */
  readonly stragglers?: Stragglers
}

/** Sequences that a step really takes: whole microbatches on every rank, which need not be the global batch. */
export function processedSequences(run: TrainingRun): number {
  return microbatchCount(run) * run.sharing.degrees.data * run.recipe.microbatch
}

/** Microbatches of one step and rank. */
export function microbatchCount({ recipe, sharing }: TrainingRun): number {
  return Math.max(1, Math.round(recipe.globalBatch / (sharing.degrees.data * recipe.microbatch)))
}
