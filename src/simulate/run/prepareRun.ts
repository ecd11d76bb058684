import { type KnownStack, matchStack, type StackMatch, type StageLike } from '../../cost/training/index.js'
import type { RunCluster } from '../../hardware/index.js'
import { microbatchCount, type Sharing, type TrainingRun } from '../../model/index.js'
import { evenLayout, parameterWalkLayout } from '../../plan/index.js'
import { oneForwardOneBackward } from './interleaved.js'
import type { RunProgram } from './lowerRun.js'

/** Everything of a run that costs do not change: what its stack makes of it, its stages, and the program that its ranks play. */
export interface PreparedRun {
  readonly run: TrainingRun
  readonly cluster: RunCluster
  readonly stack: StackMatch
  readonly sharing: Sharing
  readonly stages: readonly StageLike[]
  readonly microbatches: number
  readonly program: RunProgram
  /** Microbatches alike that are not played one by one: without a pipeline one is as long as the next. */
  readonly foldedMicrobatches: number
  /** The stack interleaves and the run does not say how: less of the bubble is met than the program shows. */
  readonly isInterleavedUnsaid: boolean
  /** Defaults that the stack decided. */
  readonly assumed: readonly string[]
}

export function prepareRun(run: TrainingRun, cluster: RunCluster, stacks: readonly KnownStack[]): PreparedRun {
  const stack = matchStack(stacks, run.stack)
  const { habits } = stack
  const assumed: string[] = []
  if (stack.by !== 'stack' && run.stack !== habits.name)
    assumed.push(`stack ${habits.name} (${run.stack} was not measured)`)
  const impliesSequence =
    habits.sequenceParallelImplied && run.sharing.degrees.tensor > 1 && !run.sharing.sequenceParallel
  if (impliesSequence) assumed.push(`sequenceParallel true (${habits.name} always does)`)
  const sharing = impliesSequence ? { ...run.sharing, sequenceParallel: true } : run.sharing
  const ranks = sharing.degrees.pipeline
  const microbatches = microbatchCount(run)
  const chunks = chunksOf(sharing, ranks, microbatches, run.model.layers)
  const layout = habits.stageLayout === 'even' ? evenLayout : parameterWalkLayout
  const played = ranks * chunks === 1 ? Math.min(2, microbatches) : microbatches
  return {
    run,
    cluster,
    stack,
    sharing,
    stages: layout(run.model, ranks * chunks),
    microbatches,
    program: oneForwardOneBackward(ranks, chunks, played),
    foldedMicrobatches: microbatches - played,
    isInterleavedUnsaid: habits.interleavingUnknown && ranks > 1 && sharing.virtualStages === undefined,
    assumed,
  }
}

/** Interleaving needs microbatches in whole rounds, and a layer a chunk. */
function chunksOf(sharing: Sharing, ranks: number, microbatches: number, layers: number): number {
  const wanted = ranks === 1 ? 1 : (sharing.virtualStages ?? 1)
  return wanted > 1 && microbatches % ranks === 0 && layers >= ranks * wanted - 2 ? wanted : 1
}
