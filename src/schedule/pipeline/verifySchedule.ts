import { Problems } from '../../errors/index.js'
import { playSchedule } from './playSchedule.js'
import {
  backwardBits,
  formatAction,
  forwardBits,
  inputBit,
  kindMask,
  type PipelineSchedule,
  pairedBit,
  unitShift,
  unpackAction,
  weightBit,
} from './types.js'

/**
 * Checks that a schedule is a training step that can run: each stage runs F once over each microbatch of its copy, and after it B, or I and then W; each rank
 * runs its own stages only; a pair is F and B. Throws E606 for a breach of these, E801, naming the blocked ranks, when they would wait for one another.
 */
export function verifySchedule(schedule: PipelineSchedule): void {
  const problems = new Problems()
  const done = new Uint8Array(schedule.stages * schedule.microbatches)
  schedule.actions.forEach((list, rank) => {
    verifyRank(schedule, rank, list, done, problems)
  })
  problems.throwIfAny()
  verifyComplete(schedule, done, problems)
  problems.throwIfAny()
  playSchedule(schedule, { forward: 1, input: 1, weight: 1 })
}

/** Bits of `done`: those of the halves of backward, and this for forward. */
const forwardDone = 4

function verifyRank(
  schedule: PipelineSchedule,
  rank: number,
  list: Int32Array,
  done: Uint8Array,
  problems: Problems,
): void {
  const { stages, microbatches, stageRank } = schedule
  let k = 0
  const breach = (message: string) => {
    const name = formatAction(unpackAction(list[k], microbatches))
    problems.add('E606', `${name} ${message}`, { where: `rank ${rank}, action ${k}` })
  }
  for (; k < list.length; k++) {
    const packed = list[k]
    const unit = packed >> unitShift
    const kind = packed & kindMask
    if (unit < 0 || unit >= stages * microbatches) {
      breach(`does not exist: there are ${stages} stages and ${microbatches} microbatches`)
      continue
    }
    const stage = Math.floor(unit / microbatches)
    if (stageRank[stage] !== rank) breach(`is on rank ${rank}, but stage ${stage} on rank ${stageRank[stage]}`)
    if (
      packed & pairedBit &&
      (kind !== forwardBits || k + 1 >= list.length || (list[k + 1] & (kindMask | pairedBit)) !== backwardBits)
    )
      breach('is paired, but is not a forward that a whole backward follows')
    if (kind === forwardBits) {
      if (done[unit] & forwardDone) breach('runs twice')
      done[unit] |= forwardDone
      continue
    }
    if (!(done[unit] & forwardDone)) breach('runs before its forward')
    if (done[unit] & kind) breach('runs twice')
    if (kind === weightBit && !(done[unit] & inputBit)) breach('runs before the gradient of the input')
    done[unit] |= kind
  }
}

function verifyComplete(
  { stages, copies, microbatches, stageRank }: PipelineSchedule,
  done: Uint8Array,
  problems: Problems,
): void {
  const complete = forwardDone | backwardBits
  for (let unit = 0; unit < done.length; unit++) {
    const stage = Math.floor(unit / microbatches)
    const microbatch = unit % microbatches
    const isOwn = Math.floor((stage * copies) / stages) === Math.floor((microbatch * copies) / microbatches)
    const where = `rank ${stageRank[stage]}`
    const what = `stage ${stage} and microbatch ${microbatch}`
    if (isOwn && done[unit] !== complete) {
      const missing = [forwardDone, inputBit, weightBit].map((bit, k) => (done[unit] & bit ? '' : 'FIW'[k])).join('')
      problems.add('E606', `${missing} of ${what} is missing`, { where })
    }
    if (!isOwn && done[unit]) problems.add('E606', `${what} belong to different copies of the model`, { where })
  }
}
