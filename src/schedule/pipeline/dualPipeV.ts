import { Program } from './program.js'
import type { PipelineShape, ScheduleKind } from './shape.js'
import { vPlacement } from './stagePlacement.js'
import { writeTwoWays } from './twoWays.js'
import type { PipelineSchedule } from './types.js'

/** DualPipe cut in half: the way back is the second half of the model instead of a second copy. Source: github.com/deepseek-ai/DualPipe. */
function generate({ ranks, microbatches }: PipelineShape): PipelineSchedule {
  const stages = 2 * ranks
  const actions = Array.from({ length: ranks }, (_, rank) => {
    const program = new Program(stages, microbatches, 2)
    writeTwoWays(program, rank, ranks, microbatches, rank, stages - 1 - rank)
    return program.end()
  })
  return { name: dualPipeV.name, ranks, stages, copies: 1, microbatches, stageRank: vPlacement(ranks), actions }
}

export const dualPipeV: ScheduleKind = {
  name: 'dualpipe-v',
  synonyms: ['cut-in-half', 'ScheduleDualPipeV'],
  chunks: { exactly: 2 },
  refuses: ({ ranks, microbatches }) =>
    microbatches >= 2 * ranks ? undefined : `at least ${2 * ranks} microbatches, one a stage`,
  generate,
}
