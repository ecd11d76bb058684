import { kindOf, ticksPerSecond, type WorkSeconds } from './workKinds.js'

/**
 * Ticks of every kind of work. Collectives are work of their own where the ranks that meet in them are played apart; else they are part of their pass. Both
 * are rounded before they are added, so that both come out equal.
 */
export function workTicks(seconds: WorkSeconds, stages: number, collectives: 'in-pass' | 'apart'): Float64Array {
  const ticks = seconds.map((each) => Math.round(each * ticksPerSecond))
  if (collectives === 'apart') return ticks
  for (let stage = 0; stage < stages; stage++) {
    ticks[kindOf(stage, 'forward')] += ticks[kindOf(stage, 'forward-collective')]
    const ofBackward = ticks[kindOf(stage, 'backward-collective')]
    ticks[kindOf(stage, 'backward')] += ofBackward
    ticks[kindOf(stage, 'input-gradient')] += ofBackward
  }
  return ticks
}
