import { type Calibration, stageSeconds } from '../../cost/training/index.js'
import { deviceSlowness } from '../../model/index.js'
import { playTasks, type TaskGraph } from '../engine/index.js'
import { everyRank } from './everyRank.js'
import { lowerRun } from './lowerRun.js'
import { sharedLinks } from './network.js'
import { playedSeconds } from './playedSeconds.js'
import { costContext } from './predictRun.js'
import type { PreparedRun } from './prepareRun.js'
import { ticksOfTasks } from './runLength.js'
import { slowedTicks } from './stragglers.js'
import { workSeconds } from './workKinds.js'

/** A run played rank by rank. */
export interface UnfoldedRun {
  readonly ranks: number
  readonly tasks: number
  readonly events: number
  /** Equal to the prediction, which plays only those that differ. */
  readonly stepSeconds: number
  /** Where all transfers and exchanges share the network of each host: above the prediction if they meet. */
  readonly sharedLinksStepSeconds: number
}

/** Plays every rank, microbatch, collective and transfer: once with links of their own, once on links that all share. */
export function unfoldRun(prepared: PreparedRun, { coefficients }: Calibration): UnfoldedRun {
  const stages = stageSeconds(costContext(prepared, coefficients), prepared.stages)
  const seconds = workSeconds(stages, coefficients)
  const ranks = everyRank(prepared)
  const { stragglers } = prepared.run
  const slowness = stragglers && deviceSlowness(stragglers, prepared.cluster.devices, '#/stragglers')
  const play = (graph: TaskGraph) => {
    const ticks = ticksOfTasks(prepared, ranks, graph, seconds)
    return playTasks({ ...graph, ticks: slowness ? slowedTicks(graph, ticks, (rank) => slowness[rank]) : ticks })
  }
  const own = play(lowerRun(ranks))
  const shared = play(lowerRun(ranks, sharedLinks(prepared.cluster, stages, coefficients)))
  const stepOf = (makespan: number) => playedSeconds(prepared, () => makespan, seconds, coefficients)
  return {
    ranks: prepared.cluster.devices,
    tasks: own.end.length,
    events: own.eventCount,
    stepSeconds: stepOf(own.makespan),
    sharedLinksStepSeconds: stepOf(shared.makespan),
  }
}
