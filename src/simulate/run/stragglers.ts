import type { PipelineSchedule } from '../../schedule/pipeline/index.js'
import { playTasks, type TaskGraph } from '../engine/index.js'
import { everyRank } from './everyRank.js'
import { gradientCoding } from './gradientCoding.js'
import { lowerRun, type PlayedRanks } from './lowerRun.js'
import type { PreparedRun } from './prepareRun.js'
import { reshareBatch } from './reshareBatch.js'
import { runLength, ticksOfTasks } from './runLength.js'
import { stageOf, type WorkSeconds, workOf } from './workKinds.js'

/** What unequal devices cost a step, and what two remedies would win back. Lengths are in ticks. */
export interface StragglerEffect {
  readonly ticks: number
  /** Were all devices equal. */
  readonly equalTicks: number
  readonly slowest: { readonly device: number; readonly speed: number }
  /** Replicas take microbatches by their speed (LB-BSP, arXiv 1806.02508); absent where every pass waits for all replicas, or there is one. */
  readonly reshared?: { readonly ticks: number; readonly microbatches: readonly number[] }
  /** Each replica also computes the gradients of `tolerated` others, so that nobody waits for the slowest so many (arXiv 1612.03301); absent likewise. */
  readonly coded?: { readonly ticks: number; readonly tolerated: number }
}

/** Plays a run whose device r takes slowness[r] times as long as its kind for what it computes; collectives and transfers take what they took. */
export function straggle(prepared: PreparedRun, seconds: WorkSeconds, slowness: Float64Array): StragglerEffect {
  const ranks = everyRank(prepared)
  const equalTicks = runLength(prepared)(seconds)
  const play = (programs: readonly PipelineSchedule[]) =>
    playUnequal(prepared, { ...ranks, programs }, seconds, slowness)
  const worst = slowness.reduce((most, each, device) => (each > slowness[most] ? device : most), 0)
  const effect = {
    ticks: play(ranks.programs),
    equalTicks,
    slowest: { device: worst, speed: 1 / slowness[worst] },
  }
  if (ranks.programs.length === 1) return effect
  const teams = { prepared, seconds, slownessOf: teamSlowness(prepared, ranks, slowness) }
  const reshared = reshareBatch(teams)
  return {
    ...effect,
    reshared: { ticks: play(reshared.programs), microbatches: reshared.microbatches },
    coded: gradientCoding(teams, equalTicks),
  }
}

/** By pipeline rank and team: the slowest of the members, for all wait for it in every pass. */
function teamSlowness(
  { program }: PreparedRun,
  { programs, members }: PlayedRanks,
  slowness: Float64Array,
): readonly Float64Array[] {
  return programs.map((_, team) =>
    Float64Array.from(program.actions, (_, rank) => {
      const first = (rank * programs.length + team) * members
      return slowness.subarray(first, first + members).reduce((most, each) => Math.max(most, each))
    }),
  )
}

/** Teams whose devices are equally slow do the same at the same time: one of them is played. */
function playUnequal(
  prepared: PreparedRun,
  { programs, members, tensor }: PlayedRanks,
  seconds: WorkSeconds,
  slowness: Float64Array,
): number {
  const teamCount = programs.length
  const pipelineRanks = prepared.program.actions.length
  const kept = new Map<string, number>()
  programs.forEach((program, team) => {
    const own = Array.from({ length: pipelineRanks }, (_, rank) => {
      const first = (rank * teamCount + team) * members
      return slowness.subarray(first, first + members).join()
    })
    const key = `${program.microbatches}:${own.join(';')}`
    if (!kept.has(key)) kept.set(key, team)
  })
  const teams = [...kept.values()]
  const ranks = { programs: teams.map((team) => programs[team]), members, tensor }
  const graph = lowerRun(ranks)
  const ticks = slowedTicks(graph, ticksOfTasks(prepared, ranks, graph, seconds), (place) => {
    const rank = Math.floor(place / (teams.length * members))
    const team = teams[Math.floor(place / members) % teams.length]
    return slowness[(rank * teamCount + team) * members + (place % members)]
  })
  return playTasks({ ...graph, ticks }).makespan
}

/** What the ranks that are played compute takes so many times as long; collectives and transfers take what they took. */
export function slowedTicks(
  { kind, stream, streamStart }: TaskGraph,
  ticks: Float64Array,
  slownessOf: (playedRank: number) => number,
): Float64Array {
  return ticks.map((each, task) =>
    isCompute.has(workOf(kind[task])) ? Math.round(each * slownessOf(stream[streamStart[task]] / 2)) : each,
  )
}

const isCompute = new Set(['forward', 'backward', 'input-gradient', 'weight-gradient', 'optimizer'])

/** Teams of a run, to ask how long each alone would take over its passes. */
export interface Teams {
  readonly prepared: PreparedRun
  readonly seconds: WorkSeconds
  /** By team, of each pipeline rank. */
  readonly slownessOf: readonly Float64Array[]
}

/** The seconds of a team: its compute slower by rank, and nothing after its last pass. */
export function passSeconds({ prepared, seconds }: Teams, slowness: Float64Array): WorkSeconds {
  return seconds.map((each, kind) => {
    const work = workOf(kind)
    if (!isCompute.has(work)) return /exchange|parameter-gather|step/.test(work) ? 0 : each
    return work === 'optimizer' ? 0 : each * slowness[prepared.program.stageRank[stageOf(kind)]]
  })
}
