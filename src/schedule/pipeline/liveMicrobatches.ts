import { forwardBits, inputBit, kindMask, type PipelineSchedule, unitShift, weightBit } from './types.js'

export interface LiveMicrobatches {
  /** Most microbatches of a rank's stages whose activations are held at once, each counted once a stage. Divide by the stages on a rank for full shares of the model. */
  readonly ofRank: Float64Array
  /** The same of each stage alone; those of a rank need not peak together. */
  readonly ofStage: Float64Array
}

/**
 * The most activations that program order lets a rank hold: F opens those of its stage and microbatch, B or W closes them. When I is done, `freedByInput` of
 * them can go: 0, the default, keeps all until W, as the zero-bubble paper counts (arXiv 2401.10241, section 2). Needs no times, for a rank's memory follows its program.
 */
export function liveMicrobatches(schedule: PipelineSchedule, freedByInput = 0): LiveMicrobatches {
  const { ranks, stages, microbatches } = schedule
  const ofRank = new Float64Array(ranks)
  const ofStage = new Float64Array(stages)
  const live = new Float64Array(stages)
  schedule.actions.forEach((list, rank) => {
    let liveHere = 0
    for (const packed of list) {
      const stage = Math.floor((packed >> unitShift) / microbatches)
      const change = changeOf(packed & kindMask, freedByInput)
      liveHere += change
      live[stage] += change
      ofRank[rank] = Math.max(ofRank[rank], liveHere)
      ofStage[stage] = Math.max(ofStage[stage], live[stage])
    }
  })
  return { ofRank, ofStage }
}

function changeOf(kind: number, freedByInput: number): number {
  if (kind === forwardBits) return 1
  if (kind === inputBit) return -freedByInput
  return kind === weightBit ? freedByInput - 1 : -1
}
