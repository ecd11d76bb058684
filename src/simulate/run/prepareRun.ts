import { type KnownStack, matchStack, type StackMatch, type StageLike } from '../../cost/training/index.js'
import { optimizerPresets } from '../../cost/trainingMemory/index.js'
import type { RunCluster } from '../../hardware/index.js'
import { microbatchCount, processedSequences, type Sharing, type TrainingRun } from '../../model/index.js'
import { evenLayout, parameterWalkLayout } from '../../plan/index.js'
import type { PipelineSchedule } from '../../schedule/pipeline/index.js'
import { chooseProgram } from './chooseProgram.js'

/** Everything of a run that costs do not change: what its stack makes of it, its stages, and the program that its ranks play. */
export interface PreparedRun {
  readonly run: TrainingRun
  readonly cluster: RunCluster
  readonly stack: StackMatch
  readonly sharing: Sharing
  /** Of each copy of the model in turn. */
  readonly stages: readonly StageLike[]
  readonly microbatches: number
  readonly program: PipelineSchedule
  /** Microbatches alike that are not played one by one: without a pipeline one is as long as the next. */
  readonly foldedMicrobatches: number
  /** The stack interleaves and the run does not say how: less of the bubble is met than the program shows. */
  readonly isInterleavedUnsaid: boolean
  /** Defaults that the stack decided. */
  readonly assumed: readonly string[]
}

/** `programOf` chooses the program; by default the whole one. */
export function prepareRun(
  run: TrainingRun,
  cluster: RunCluster,
  stacks: readonly KnownStack[],
  programOf: typeof chooseProgram = chooseProgram,
): PreparedRun {
  const stack = matchStack(stacks, run.stack)
  const { habits } = stack
  const assumed: string[] = []
  if (stack.by !== 'stack' && run.stack !== habits.name)
    assumed.push(`stack ${habits.name} (${run.stack} was not measured)`)
  const impliesSequence =
    habits.sequenceParallelImplied && run.sharing.degrees.tensor > 1 && !run.sharing.sequenceParallel
  if (impliesSequence) assumed.push(`sequenceParallel true (${habits.name} always does)`)
  assumed.push(...doubts(run))
  const sharing = impliesSequence ? { ...run.sharing, sequenceParallel: true } : run.sharing
  const microbatches = microbatchCount(run)
  const { program, assumed: replaced } = programOf(sharing, microbatches, run.model.layers)
  assumed.push(...replaced)
  const layout = habits.stageLayout === 'even' ? evenLayout : parameterWalkLayout
  const ofCopy = layout(run.model, program.stages / program.copies)
  return {
    run,
    cluster,
    stack,
    sharing,
    stages: Array.from({ length: program.copies }, () => ofCopy).flat(),
    microbatches,
    program,
    foldedMicrobatches: microbatches - program.microbatches,
    isInterleavedUnsaid: habits.interleavingUnknown && program.name === '1f1b' && sharing.virtualStages === undefined,
    assumed,
  }
}

/** What the run asks for and cannot be had as it stands: it is predicted all the same, and said. */
function doubts(run: TrainingRun): readonly string[] {
  const { model, recipe, sharing } = run
  const { tensor, pipeline, context, data, expert } = sharing.degrees
  const perRank = recipe.globalBatch / data
  const checks: readonly (readonly [isDoubtful: boolean, what: string])[] = [
    [model.heads % tensor !== 0, `${model.heads} heads in parts (tp ${tensor} does not divide them)`],
    [model.seq % context !== 0, `a sequence of ${model.seq} in unequal parts (cp ${context} does not divide it)`],
    [pipeline > model.layers + 2, `stages without layers (pp ${pipeline}, ${model.layers} layers)`],
    [expert > 1 && model.experts === 0, `no experts (ep ${expert} of a dense model changes nothing)`],
    [model.experts > 0 && expert > model.experts, `experts in parts (ep ${expert}, ${model.experts} experts)`],
    [
      perRank % recipe.microbatch !== 0,
      `whole microbatches: ${processedSequences(run)} sequences a step (${recipe.globalBatch} over dp ${data} are not of ${recipe.microbatch})`,
    ],
    [!Object.hasOwn(optimizerPresets, recipe.optimizer), `optimizer adamw (${recipe.optimizer} is not known)`],
  ]
  return checks.flatMap(([isDoubtful, what]) => (isDoubtful ? [what] : []))
}
