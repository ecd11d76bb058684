import { Program } from './program.js'
import { microbatchesPerRound, refusesUnequalRounds, stageOfStep } from './rounds.js'
import type { PipelineShape, ScheduleKind } from './shape.js'
import { loopPlacement } from './stagePlacement.js'
import type { PipelineSchedule } from './types.js'

/**
 * 1F1B over several stages on each rank, a round of microbatches through each stage in turn; backward takes the stages the other way.
 * Source: Narayanan et al., Megatron-LM (SC 2021, arXiv 2104.04473), section 2.2.2.
 */
function generate(shape: PipelineShape): PipelineSchedule {
  const { ranks, chunks, microbatches } = shape
  const perRound = microbatchesPerRound(shape)
  const steps = chunks * microbatches
  const actions = Array.from({ length: ranks }, (_, rank) => {
    const program = new Program(ranks * chunks, microbatches, chunks)
    const last = (chunks - 1) * ranks + 2 * rank
    const ahead = Math.min((chunks - 1) * perRound + 2 * (ranks - 1 - rank), steps)
    for (let step = 0; step < steps + ahead; step++) {
      if (step < steps) program.forward(stageOfStep(step, rank, shape, perRound))
      if (step >= ahead) program.backward(last - stageOfStep(step - ahead, rank, shape, perRound))
    }
    return program.end()
  })
  const stageRank = loopPlacement(ranks, chunks)
  return { name: interleaved.name, ranks, stages: ranks * chunks, copies: 1, microbatches, stageRank, actions }
}

export const interleaved: ScheduleKind = {
  name: 'interleaved-1f1b',
  synonyms: ['interleaved', 'virtual-pipeline', 'vpp', 'ScheduleInterleaved1F1B'],
  chunks: { usually: 2 },
  refuses: refusesUnequalRounds,
  generate,
}
