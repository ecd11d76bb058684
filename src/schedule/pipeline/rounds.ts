import type { PipelineShape } from './shape.js'

/**
 * Interleaved schedules take the microbatches in equal rounds of about as many as there are ranks.
 * Source: PyTorch's flexible rule (torch.distributed.pipelining, ScheduleInterleaved1F1B); Megatron-LM wants a multiple of the ranks.
 */
export function microbatchesPerRound({ ranks, microbatches }: PipelineShape): number {
  return microbatches / roundCount(ranks, microbatches)
}

export function refusesUnequalRounds({ ranks, microbatches }: PipelineShape): string | undefined {
  const rounds = roundCount(ranks, microbatches)
  if (microbatches % rounds === 0) return undefined
  return `microbatches in equal rounds: floor(${microbatches} / ${ranks} ranks) = ${rounds} rounds, so a multiple of ${rounds}`
}

/** Which of a rank's stages runs at a step: a round of each in turn. */
export function stageOfStep(step: number, rank: number, { ranks, chunks }: PipelineShape, perRound: number): number {
  return (Math.floor(step / perRound) % chunks) * ranks + rank
}

function roundCount(ranks: number, microbatches: number): number {
  return Math.max(1, Math.floor(microbatches / ranks))
}
