import type { SchedulingProblem } from '../schedule/index.js'
import type { Attempt } from './placement.js'

/** Turns a placement that passes a memory limit, by the exact account, into a miss. */
export function withinLimits({ memoryLimits }: SchedulingProblem, attempt: Attempt): Attempt {
  if ('miss' in attempt) return attempt
  const { placement } = attempt
  let device = 0
  for (let d = 1; d < memoryLimits.length; d++) if (excess(d) > excess(device)) device = d
  if (excess(device) <= 0) return attempt
  return {
    miss: {
      placer: placement.placer,
      placedOps: placement.deviceOf.length,
      op: -1,
      device,
      excessBytes: excess(device),
    },
  }

  function excess(d: number): number {
    return placement.peakBytes[d] - memoryLimits[d]
  }
}
