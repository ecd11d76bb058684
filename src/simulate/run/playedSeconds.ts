import type { Calibration } from '../../cost/training/index.js'
import { InternalError } from '../../errors/index.js'
import type { PreparedRun } from './prepareRun.js'
import type { RunLength } from './runLength.js'
import { kindOf, ticksPerSecond, type WorkSeconds } from './workKinds.js'
import { workTicks } from './workTicks.js'

/** Seconds of the step alone: its program's length with these costs. */
export function playedSeconds(
  prepared: PreparedRun,
  length: RunLength,
  seconds: WorkSeconds,
  { bubbleShare }: Pick<Calibration['coefficients'], 'bubbleShare'>,
): number {
  const played = length(seconds) / ticksPerSecond
  if (!(played > 0)) throw new InternalError('a step of no time')
  if (!prepared.isInterleavedUnsaid) return played
  const ticks = workTicks(seconds, prepared.stages.length, 'in-pass')
  const passes = prepared.stages.map((_, stage) => ticks[kindOf(stage, 'forward')] + ticks[kindOf(stage, 'backward')])
  const busiest = Math.max(...passes) / ticksPerSecond
  const bubble = Math.max(0, played - prepared.microbatches * busiest)
  return played - (1 - Math.min(1, bubbleShare)) * bubble
}
