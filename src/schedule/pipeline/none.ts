import { Program } from './program.js'
import type { PipelineShape, ScheduleKind } from './shape.js'
import type { PipelineSchedule } from './types.js'

/** One rank runs each microbatch forward and backward before the next: accumulation of gradients without a pipeline. */
function generate({ microbatches }: PipelineShape): PipelineSchedule {
  const program = new Program(1, microbatches, 1)
  for (let k = 0; k < microbatches; k++) {
    program.forward(0)
    program.backward(0)
  }
  const stageRank = new Int32Array(1)
  return { name: 'none', ranks: 1, stages: 1, copies: 1, microbatches, stageRank, actions: [program.end()] }
}

export const none: ScheduleKind = {
  name: 'none',
  synonyms: ['no-pipeline', 'single'],
  chunks: { exactly: 1 },
  refuses: ({ ranks }) => (ranks === 1 ? undefined : '1 rank'),
  generate,
}
