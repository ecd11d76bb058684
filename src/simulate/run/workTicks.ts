import { kindOf, ticksPerSecond, type WorkSeconds } from './workKinds.js'

/** Ticks of every kind of work. A pass is its compute and its collectives, rounded apart, so that an unfolded run, which plays them apart, comes out equal. */
export function workTicks(seconds: WorkSeconds, stages: number): Float64Array {
  const ticks = seconds.map((each) => Math.round(each * ticksPerSecond))
  for (let stage = 0; stage < stages; stage++) {
    ticks[kindOf(stage, 'forward')] += ticks[kindOf(stage, 'forward-collective')]
    const collectives = ticks[kindOf(stage, 'backward-collective')]
    ticks[kindOf(stage, 'backward')] += collectives
    ticks[kindOf(stage, 'input-gradient')] += collectives
  }
  return ticks
}
