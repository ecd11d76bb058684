import { Program } from './program.js'
import type { PipelineShape } from './shape.js'
import { loopPlacement } from './stagePlacement.js'
import type { PipelineSchedule } from './types.js'

/**
 * 1F1B with the backward split: a rank runs `depth` forwards ahead for each rank behind it and puts `depth` gradients of weights off for each rank
 * before it, so all ranks hold the same number of microbatches, and what was put off fills the end.
 * Source: Qi et al., Zero Bubble Pipeline Parallelism (ICLR 2024, arXiv 2401.10241), section 2.
 */
export function splitBackward(name: string, { ranks, microbatches }: PipelineShape, depth: number): PipelineSchedule {
  const actions = Array.from({ length: ranks }, (_, rank) => {
    const program = new Program(ranks, microbatches, 1)
    const ahead = Math.min(depth * (ranks - 1 - rank), microbatches)
    for (let step = 0; step < microbatches + ahead; step++) {
      program.forward(rank)
      if (step < ahead) continue
      program.inputOnly(rank)
      if (program.owing > depth * rank) program.oldestWeight()
    }
    while (program.owing > 0) program.oldestWeight()
    return program.end()
  })
  return { name, ranks, stages: ranks, copies: 1, microbatches, stageRank: loopPlacement(ranks, 1), actions }
}
