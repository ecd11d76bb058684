import { UserError } from '../../errors/index.js'
import type { PipelineSchedule } from '../../schedule/pipeline/index.js'
import { pathLength } from '../engine/index.js'
import { wholeProgram } from './everyRank.js'
import { folded, lowerRun } from './lowerRun.js'
import type { Teams } from './stragglers.js'
import { passSeconds } from './stragglers.js'
import { workTicks } from './workTicks.js'

/** How many microbatches each team should take, for the slowest to be done as early as can be. */
export interface ResharedBatch {
  readonly microbatches: readonly number[]
  readonly programs: readonly PipelineSchedule[]
}

/**
 * Moves microbatches, one at a time, from the team that ends last to the one that would end first with more, while the last ends earlier for it: batch shares by speed, as
 * LB-BSP gives them (arXiv 1806.02508, section 4), of whole microbatches and with the pipeline's own bubble.
 */
export function reshareBatch(teams: Teams): ResharedBatch {
  const { prepared } = teams
  const lengths = teamLengths(teams)
  const counts = teams.slownessOf.map(() => prepared.microbatches)
  // Interleaved schedules run whole rounds of microbatches.
  const step = lengths.runs(prepared.microbatches + 1) ? 1 : prepared.program.ranks
  const ends = counts.map((count, team) => lengths.of(team, count))
  for (;;) {
    const last = indexOfLeast(ends, (end) => -end)
    const more = counts.map((count, team) =>
      team === last ? Number.POSITIVE_INFINITY : lengths.of(team, count + step),
    )
    const next = indexOfLeast(more, (end) => end)
    if (counts[last] <= step || !lengths.runs(counts[last] - step) || !(more[next] < ends[last])) break
    counts[last] -= step
    counts[next] += step
    ends[last] = lengths.of(last, counts[last])
    ends[next] = more[next]
  }
  return { microbatches: counts, programs: counts.map(lengths.program) }
}

function indexOfLeast(values: readonly number[], by: (value: number) => number): number {
  return values.reduce((least, value, k) => (by(value) < by(values[least]) ? k : least), 0)
}

/** How long a team takes over its passes of so many microbatches, in ticks; infinite where the schedule does not run them. */
export function teamLengths(teams: Teams) {
  const { prepared, slownessOf } = teams
  const program = remembered((count: number) => programOrNothing(() => wholeProgram(prepared, count)))
  const path = remembered((count: number) => pathLength(lowerRun(folded(program(count)!))))
  const ticks = slownessOf.map((slowness) => workTicks(passSeconds(teams, slowness), prepared.stages.length, 'in-pass'))
  const length = remembered((key: string) => {
    const [team, count] = key.split(' ').map(Number)
    return path(count)(ticks[team])
  })
  // Teams alike are asked for once.
  const firstAlike = remembered((slowness: string) => slownessOf.findIndex((each) => each.join() === slowness))
  return {
    runs: (count: number): boolean => program(count) !== undefined,
    program: (count: number): PipelineSchedule => program(count)!,
    of: (team: number, count: number): number =>
      program(count) ? length(`${firstAlike(slownessOf[team].join())} ${count}`) : Number.POSITIVE_INFINITY,
  }
}

function remembered<K, V>(make: (key: K) => V): (key: K) => V {
  const known = new Map<K, V>()
  return (key) => {
    if (!known.has(key)) known.set(key, make(key))
    return known.get(key)!
  }
}

function programOrNothing(make: () => PipelineSchedule): PipelineSchedule | undefined {
  try {
    return make()
  } catch (error) {
    if (error instanceof UserError && error.code === 'E605') return undefined
    throw error
  }
}
