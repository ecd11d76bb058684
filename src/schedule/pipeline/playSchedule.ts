import { failBlocked } from './blocked.js'
import { awaitedBy } from './dependencies.js'
import {
  backwardBits,
  forwardBits,
  inputBit,
  kindMask,
  type PipelineSchedule,
  pairedBit,
  unitShift,
  weightBit,
} from './types.js'

/** Time of a pass: one for all stages, or one of each. Whole numbers in any unit; results are in the same unit. */
export type PassTicks = number | ArrayLike<number>

export interface ScheduleTicks {
  readonly forward: PassTicks
  /** Gradient of the input, alone. */
  readonly input: PassTicks
  /** Gradient of the weights, alone; a whole backward takes both. */
  readonly weight: PassTicks
  /** A forward and a whole backward that run as one, by the stage of the forward; without it they take as long as one after the other. */
  readonly pair?: PassTicks
  /** Between the end of a pass and the start of the one on another rank that needs its result; 0 without it. Occupies nobody. */
  readonly hop?: number
}

export interface PlayedSchedule {
  /** When the last action ends; the first starts at 0. */
  readonly makespanTicks: number
  /** The longest time from a rank's own first start to its last end: a step's time where ranks may begin the next one as soon as they are done. */
  readonly spanTicks: number
  /** `spanTicks` less the work of the busiest rank. */
  readonly bubbleTicks: number
  /** Of each rank. */
  readonly startTicks: Float64Array
  readonly endTicks: Float64Array
  readonly busyTicks: Float64Array
}

/**
 * When each rank starts and ends if nobody is kept busy but by passes: F waits for F of the stage before, I and B for I or B of the stage behind, a pair
 * for what both halves wait for. In O(actions). Throws E801 when ranks wait for one another; expects what `verifySchedule` accepts.
 */
export function playSchedule(schedule: PipelineSchedule, ticks: ScheduleTicks): PlayedSchedule {
  const { ranks } = schedule
  const startTicks = new Float64Array(ranks)
  const endTicks = new Float64Array(ranks)
  const busyTicks = new Float64Array(ranks)
  walk(schedule, ticks, startTicks, endTicks, busyTicks)
  let spanTicks = 0
  for (let rank = 0; rank < ranks; rank++) spanTicks = Math.max(spanTicks, endTicks[rank] - startTicks[rank])
  const makespanTicks = endTicks.reduce((a, b) => Math.max(a, b), 0)
  const bubbleTicks = spanTicks - busyTicks.reduce((a, b) => Math.max(a, b), 0)
  return { makespanTicks, spanTicks, bubbleTicks, startTicks, endTicks, busyTicks }
}

/** Lets each rank run until it has to wait; whoever ends what another may wait for lets that one go on. */
function walk(
  schedule: PipelineSchedule,
  ticks: ScheduleTicks,
  startTicks: Float64Array,
  endTicks: Float64Array,
  busyTicks: Float64Array,
): void {
  const { ranks, microbatches, stageRank, actions } = schedule
  // End of each unit's forward and, beside it, of its gradient of the input.
  const endOf = new Float64Array(2 * schedule.stages * microbatches).fill(Number.POSITIVE_INFINITY)
  const readyAt = arrivals(schedule, endOf, ticks.hop ?? 0)
  const durationOf = durations(schedule, ticks)
  const position = new Int32Array(ranks)
  const isParked = new Uint8Array(ranks)
  const going = Int32Array.from({ length: ranks }, (_, k) => ranks - 1 - k)
  let goingCount = ranks

  const finish = (action: number, end: number): void => {
    const kind = action & kindMask
    if (kind === weightBit) return
    const isForward = kind === forwardBits
    endOf[2 * (action >> unitShift) + (isForward ? 0 : 1)] = end
    const waiter = stageRank[stageOf(action, microbatches) + (isForward ? 1 : -1)]
    if (waiter === undefined || !isParked[waiter]) return
    isParked[waiter] = 0
    going[goingCount++] = waiter
  }
  while (goingCount > 0) {
    const rank = going[--goingCount]
    const list = actions[rank]
    for (let at = position[rank]; at < list.length; at = position[rank]) {
      const action = list[at]
      const second = action & pairedBit ? list[at + 1] : -1
      const start = Math.max(endTicks[rank], readyAt(action, rank), second < 0 ? 0 : readyAt(second, rank))
      if (start === Number.POSITIVE_INFINITY) {
        isParked[rank] = 1
        break
      }
      const took = durationOf(action, second)
      if (at === 0) startTicks[rank] = start
      endTicks[rank] = start + took
      busyTicks[rank] += took
      position[rank] = second < 0 ? at + 1 : at + 2
      finish(action, start + took)
      if (second >= 0) finish(second, start + took)
    }
  }
  if (position.some((at, rank) => at < actions[rank].length))
    failBlocked(schedule, position, (key) => endOf[key] < Number.POSITIVE_INFINITY)
}

/** When what an action needs is on its rank; never, as long as it has not been computed. */
function arrivals(
  { stages, copies, microbatches, stageRank }: PipelineSchedule,
  endOf: Float64Array,
  hop: number,
): (action: number, rank: number) => number {
  return (action, rank) => {
    const awaited = awaitedBy(action, microbatches, stages / copies)
    if (awaited < 0) return 0
    return endOf[awaited] + (stageRank[Math.floor((awaited >> 1) / microbatches)] === rank ? 0 : hop)
  }
}

/** How long an action takes, or a pair of two. */
function durations(schedule: PipelineSchedule, ticks: ScheduleTicks): (action: number, second: number) => number {
  const { stages, microbatches } = schedule
  const alone = tickTable(schedule, ticks)
  const paired = ticks.pair === undefined ? undefined : ofStages(ticks.pair, stages)
  const ofOne = (action: number) => alone[4 * stageOf(action, microbatches) + (action & kindMask)]
  return (action, second) => {
    if (second < 0) return ofOne(action)
    return paired ? paired[stageOf(action, microbatches)] : ofOne(action) + ofOne(second)
  }
}

function stageOf(action: number, microbatches: number): number {
  return Math.floor((action >> unitShift) / microbatches)
}

/** Ticks of each kind of action on each stage. */
function tickTable({ stages }: PipelineSchedule, { forward, input, weight }: ScheduleTicks): Float64Array {
  const [f, i, w] = [forward, input, weight].map((each) => ofStages(each, stages))
  const table = new Float64Array(4 * stages)
  for (let stage = 0; stage < stages; stage++) {
    table[4 * stage + forwardBits] = f[stage]
    table[4 * stage + inputBit] = i[stage]
    table[4 * stage + weightBit] = w[stage]
    table[4 * stage + backwardBits] = i[stage] + w[stage]
  }
  return table
}

function ofStages(ticks: PassTicks, stages: number): ArrayLike<number> {
  return typeof ticks === 'number' ? new Float64Array(stages).fill(ticks) : ticks
}
