import { Program } from './program.js'
import { type PipelineShape, refusesNothing, type ScheduleKind } from './shape.js'
import { loopPlacement } from './stagePlacement.js'
import { backwardBits, type PipelineSchedule } from './types.js'

/**
 * All microbatches through one stage of a rank before any goes through its next: fewest gathers of sharded parameters.
 * Source: Lamy-Poirier, Breadth-First Pipeline Parallelism (arXiv 2211.05953), section 4.1; backwards from the last microbatch, as PyTorch runs them.
 */
function generate({ ranks, chunks, microbatches }: PipelineShape): PipelineSchedule {
  const actions = Array.from({ length: ranks }, (_, rank) => {
    const program = new Program(ranks * chunks, microbatches, chunks)
    for (let chunk = 0; chunk < chunks; chunk++)
      for (let k = 0; k < microbatches; k++) program.forward(chunk * ranks + rank)
    for (let chunk = chunks - 1; chunk >= 0; chunk--)
      for (let k = microbatches - 1; k >= 0; k--) program.add(chunk * ranks + rank, k, backwardBits)
    return program.end()
  })
  const stageRank = loopPlacement(ranks, chunks)
  return { name: loopedBfs.name, ranks, stages: ranks * chunks, copies: 1, microbatches, stageRank, actions }
}

export const loopedBfs: ScheduleKind = {
  name: 'looped-bfs',
  synonyms: ['breadth-first', 'bfs', 'ScheduleLoopedBFS'],
  chunks: { usually: 2 },
  refuses: refusesNothing,
  generate,
}
