import { Program } from './program.js'
import { type PipelineShape, refusesNothing, type ScheduleKind } from './shape.js'
import { loopPlacement } from './stagePlacement.js'
import type { PipelineSchedule } from './types.js'

/**
 * Each rank runs as many forwards ahead as there are ranks behind it, then one forward and one backward in turn.
 * Source: Narayanan et al., PipeDream (SOSP 2019), section 3.2; flushed each step as in arXiv 2104.04473, section 2.2.1.
 */
function generate({ ranks, microbatches }: PipelineShape): PipelineSchedule {
  const actions = Array.from({ length: ranks }, (_, rank) => {
    const program = new Program(ranks, microbatches, 1)
    const ahead = Math.min(ranks - 1 - rank, microbatches)
    for (let k = 0; k < ahead; k++) program.forward(rank)
    for (let k = 0; k < microbatches; k++) {
      program.forward(rank)
      program.backward(rank)
    }
    return program.end()
  })
  return { name: '1f1b', ranks, stages: ranks, copies: 1, microbatches, stageRank: loopPlacement(ranks, 1), actions }
}

export const oneForwardOneBackward: ScheduleKind = {
  name: '1f1b',
  synonyms: ['pipedream-flush', 'dapple', 'one-forward-one-backward', 'Schedule1F1B'],
  chunks: { exactly: 1 },
  refuses: refusesNothing,
  generate,
}
