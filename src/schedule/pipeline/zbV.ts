import { Program } from './program.js'
import { type PipelineShape, refusesNothing, type ScheduleKind } from './shape.js'
import { vPlacement } from './stagePlacement.js'
import type { PipelineSchedule } from './types.js'

/**
 * Two stages on each rank, down and up again, so that a microbatch's last forward and first backward are on the first rank.
 * Source: arXiv 2401.10241, section 6 and figure 5; phases as in PyTorch, ScheduleZBVZeroBubble.
 */
function generate({ ranks, microbatches }: PipelineShape): PipelineSchedule {
  const stages = 2 * ranks
  const actions = Array.from({ length: ranks }, (_, rank) => rankProgram(rank, ranks, microbatches))
  return { name: zbV.name, ranks, stages, copies: 1, microbatches, stageRank: vPlacement(ranks), actions }
}

/** Written for at least 2p - 1 microbatches, which the phases need; `Program` drops those that do not exist. */
function rankProgram(rank: number, ranks: number, microbatches: number): Int32Array {
  const program = new Program(2 * ranks, microbatches, 2)
  const full = Math.max(2 * ranks - 1, microbatches)
  const down = rank
  const up = 2 * ranks - 1 - rank
  const behind = ranks - rank
  const backward = (stage: number) => {
    program.input(stage)
    program.weight(stage)
  }
  for (let k = 0; k < 2 * behind - 1; k++) program.forward(down)
  for (let k = 0; k < rank; k++) {
    program.forward(up)
    program.forward(down)
  }
  for (let k = 0; k < behind; k++) {
    program.forward(up)
    backward(up)
  }
  for (let k = ranks; k < full; k++) {
    if (k + behind - 1 < full) program.forward(down)
    backward(down)
    program.forward(up)
    backward(up)
  }
  for (let k = 0; k < rank; k++) {
    program.input(down)
    program.input(up)
  }
  for (let k = 0; k < behind; k++) {
    program.input(down)
    program.weight(down)
  }
  for (let k = 0; k < rank; k++) program.weight(up)
  for (let k = 0; k < rank; k++) program.weight(down)
  return program.end()
}

export const zbV: ScheduleKind = {
  name: 'zb-v',
  synonyms: ['zbv', 'zero-bubble-v', 'ZBVZeroBubble', 'ScheduleZBVZeroBubble'],
  chunks: { exactly: 2 },
  refuses: refusesNothing,
  generate,
}
