import { Program } from './program.js'
import { microbatchesPerRound, refusesUnequalRounds, stageOfStep } from './rounds.js'
import type { PipelineShape, ScheduleKind } from './shape.js'
import { loopPlacement } from './stagePlacement.js'
import type { PipelineSchedule } from './types.js'

/**
 * ZB-H1 over several stages on each rank: half the forwards ahead of interleaved 1F1B, and rank r puts r gradients of weights off.
 * Source: PyTorch, torch.distributed.pipelining, ScheduleInterleavedZeroBubble, after arXiv 2401.10241.
 */
function generate(shape: PipelineShape): PipelineSchedule {
  const { ranks, chunks, microbatches } = shape
  const perRound = microbatchesPerRound(shape)
  const steps = chunks * microbatches
  const actions = Array.from({ length: ranks }, (_, rank) => {
    const program = new Program(ranks * chunks, microbatches, chunks)
    const last = (chunks - 1) * ranks + 2 * rank
    const ahead = Math.min((chunks - 1) * perRound + (ranks - 1 - rank), steps)
    for (let step = 0; step < steps + ahead; step++) {
      if (step < steps) program.forward(stageOfStep(step, rank, shape, perRound))
      if (step < ahead) continue
      program.inputOnly(last - stageOfStep(step - ahead, rank, shape, perRound))
      if (program.owing > rank) program.oldestWeight()
    }
    while (program.owing > 0) program.oldestWeight()
    return program.end()
  })
  const stageRank = loopPlacement(ranks, chunks)
  return {
    name: interleavedZeroBubble.name,
    ranks,
    stages: ranks * chunks,
    copies: 1,
    microbatches,
    stageRank,
    actions,
  }
}

export const interleavedZeroBubble: ScheduleKind = {
  name: 'interleaved-zero-bubble',
  synonyms: ['interleaved-zb', 'interleaved-zb1p', 'ScheduleInterleavedZeroBubble'],
  chunks: { usually: 2 },
  refuses: refusesUnequalRounds,
  generate,
}
