import type { Coefficients, StageSeconds } from '../../cost/training/index.js'
import { type PlayedTasks, pathLength, playTasks, type TaskGraph } from '../engine/index.js'
import { everyRank } from './everyRank.js'
import { folded, lowerRun, type PlayedRanks } from './lowerRun.js'
import { sharedLinks } from './network.js'
import type { PreparedRun } from './prepareRun.js'
import { kindOf, type WorkSeconds } from './workKinds.js'
import { workTicks } from './workTicks.js'

/** The length of a run's step in ticks, for any seconds of its kinds of work. */
export type RunLength = (seconds: WorkSeconds) => number

/** Played by one representative of each pipeline rank, and by two microbatches where one is as long as the next. */
export function runLength({ program, stages, foldedMicrobatches }: PreparedRun): RunLength {
  const length = pathLength(lowerRun(folded(program)))
  return (seconds) => {
    const ticks = workTicks(seconds, stages.length, 'in-pass')
    const pass = ticks[kindOf(0, 'forward')] + ticks[kindOf(0, 'backward')]
    return length(ticks) + (foldedMicrobatches > 0 ? foldedMicrobatches * pass : 0)
  }
}

/** Played by every rank. The same to the tick. */
export function unfoldedLength(prepared: PreparedRun): RunLength {
  const ranks = everyRank(prepared)
  const graph = lowerRun(ranks)
  return (seconds) => playRanks(prepared, ranks, graph, seconds).makespan
}

/** Played by every rank on networks that all share: transfers and exchanges slow one another, which the costs above leave to calibration. */
export function sharedLinksLength(prepared: PreparedRun, stages: readonly StageSeconds[], c: Coefficients): RunLength {
  const ranks = everyRank(prepared)
  const graph = lowerRun(ranks, sharedLinks(prepared.cluster, stages, c))
  return (seconds) => playRanks(prepared, ranks, graph, seconds).makespan
}

/** Plays lowered ranks; those of a stage all do the same at the same time. */
export function playRanks(
  prepared: Pick<PreparedRun, 'stages'>,
  ranks: PlayedRanks,
  graph: TaskGraph,
  seconds: WorkSeconds,
): PlayedTasks {
  return playTasks({ ...graph, ticks: ticksOfTasks(prepared, ranks, graph, seconds) })
}

/** Ticks of every task by its kind; of a flow, its latency as lowered. */
export function ticksOfTasks(
  { stages }: Pick<PreparedRun, 'stages'>,
  { members }: PlayedRanks,
  { taskCount, kind, linkStart, ticks: latency }: TaskGraph,
  seconds: WorkSeconds,
): Float64Array {
  const ofKind = workTicks(seconds, stages.length, members > 1 ? 'apart' : 'in-pass')
  const ticks = new Float64Array(taskCount)
  for (let task = 0; task < taskCount; task++)
    ticks[task] = linkStart[task] < linkStart[task + 1] ? latency[task] : ofKind[kind[task]]
  return ticks
}
