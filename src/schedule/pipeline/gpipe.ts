import { Program } from './program.js'
import { type PipelineShape, refusesNothing, type ScheduleKind } from './shape.js'
import { loopPlacement } from './stagePlacement.js'
import type { PipelineSchedule } from './types.js'

/** All forwards, then all backwards. Source: Huang et al., GPipe (NeurIPS 2019), section 2.3; order of backwards as PyTorch runs them. */
function generate({ ranks, microbatches }: PipelineShape): PipelineSchedule {
  const actions = Array.from({ length: ranks }, (_, rank) => {
    const program = new Program(ranks, microbatches, 1)
    for (let k = 0; k < microbatches; k++) program.forward(rank)
    for (let k = 0; k < microbatches; k++) program.backward(rank)
    return program.end()
  })
  return { name: 'gpipe', ranks, stages: ranks, copies: 1, microbatches, stageRank: loopPlacement(ranks, 1), actions }
}

export const gpipe: ScheduleKind = {
  name: 'gpipe',
  synonyms: ['fill-drain', 'all-forward-all-backward', 'afab', 'ScheduleGPipe'],
  chunks: { exactly: 1 },
  refuses: refusesNothing,
  generate,
}
