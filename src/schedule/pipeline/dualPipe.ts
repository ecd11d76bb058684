import { Program } from './program.js'
import type { PipelineShape, ScheduleKind } from './shape.js'
import { writeTwoWays } from './twoWays.js'
import type { PipelineSchedule } from './types.js'

/**
 * Two copies of the model run through the ranks in opposite directions, half of the microbatches each; forwards of one are paired with backwards
 * of the other. Stage s of the second copy is stage p + s here, on rank p - 1 - s. Source: DeepSeek-V3 (arXiv 2412.19437), section 3.2.1.
 */
function generate({ ranks, microbatches }: PipelineShape): PipelineSchedule {
  const stages = 2 * ranks
  const half = microbatches / 2
  const actions = Array.from({ length: ranks }, (_, rank) => {
    const program = new Program(stages, microbatches, 2)
    const down = rank
    const up = stages - 1 - rank
    program.begin(up, half)
    const depth = Math.min(rank, ranks - 1 - rank)
    if (rank < ranks / 2) writeTwoWays(program, depth, ranks / 2, half, down, up)
    else writeTwoWays(program, depth, ranks / 2, half, up, down)
    return program.end()
  })
  const stageRank = Int32Array.from({ length: stages }, (_, s) => (s < ranks ? s : stages - 1 - s))
  return { name: dualPipe.name, ranks, stages, copies: 2, microbatches, stageRank, actions }
}

export const dualPipe: ScheduleKind = {
  name: 'dualpipe',
  synonyms: ['bidirectional'],
  chunks: { exactly: 2 },
  refuses: ({ ranks, microbatches }) =>
    ranks % 2 === 0 && microbatches % 2 === 0 && microbatches >= 2 * ranks
      ? undefined
      : 'an even number of ranks, and an even number of microbatches, at least twice the ranks',
  generate,
}
