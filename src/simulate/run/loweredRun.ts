import type { Action, PipelineSchedule } from '../../schedule/pipeline/index.js'
import type { TaskGraphBuilder } from '../engine/index.js'
import type { Network } from './network.js'
import type { Work } from './workKinds.js'

/** A run while it is lowered. */
export interface LoweredRun {
  readonly builder: TaskGraphBuilder
  /** Of the first team: stages and their ranks are those of all. */
  readonly program: PipelineSchedule
  readonly members: number
  readonly tensor: number
  readonly network: Network
  /** Members of all teams. */
  readonly ranksOfStage: number
  /** By stage and rank of the stage: what comes before its last backward, which hides the exchange of gradients; -1 if nothing. */
  readonly beforeLastBackward: Int32Array
  /** A new task; returns its number. */
  readonly add: (stage: number, work: Work) => number
}

/** One team, and the passes of its members by stage, microbatch and member. */
export interface Team {
  readonly number: number
  readonly program: PipelineSchedule
  readonly forward: Passes
  readonly backward: Passes
}

/** The tasks with which each pass begins and ends. */
export class Passes {
  readonly first: Int32Array
  readonly last: Int32Array

  constructor(units: number) {
    this.first = new Int32Array(units)
    this.last = new Int32Array(units)
  }
}

/** Where in a rank's list each of its stages computes gradients of weights for the last time. */
export function lastBackwards(list: readonly Action[]): ReadonlyMap<number, number> {
  const last = new Map<number, number>()
  list.forEach(({ kind, stage }, k) => {
    if (kind === 'B' || kind === 'W') last.set(stage, k)
  })
  return last
}
