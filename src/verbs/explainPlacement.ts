import type { CostTable } from '../cost/index.js'
import { formatBytes } from '../errors/index.js'
import type { PlacementPlan } from '../place/index.js'
import type { Explanation } from '../plan/index.js'
import type { SchedulingProblem } from '../schedule/index.js'
import type { PredictedPlacement } from '../simulate/index.js'

/** Above this share of its limit a device's memory is named as binding. */
const bindingMemoryShare = 0.95

/** What holds the plan where it is, and what the other placers made of the same problem. */
export function explainPlacement(
  problem: SchedulingProblem,
  costs: CostTable,
  { placement, bound, others, misses }: PlacementPlan,
  { prediction }: PredictedPlacement,
): Explanation {
  const { ticksPerSecond, memoryLimits } = problem
  const binding: string[] = []
  const { breakdown } = prediction
  const [largest] = Object.entries(breakdown).sort((a, b) => b[1] - a[1])
  binding.push(`critical path: ${largest[0]} is ${percent(largest[1] / prediction.stepSeconds)} of the step`)
  prediction.peakBytes.forEach((bytes, d) => {
    if (bytes > bindingMemoryShare * memoryLimits[d])
      binding.push(`memory of device ${d}: ${formatBytes(bytes)} of ${formatBytes(memoryLimits[d])}`)
  })
  const isInstant = placement.schedule.makespan === 0
  const isOptimal = bound.ticks >= placement.schedule.makespan
  return {
    placer: placement.placer,
    binding,
    alternatives: others.map((other) => ({
      name: other.placer,
      stepSeconds: other.schedule.makespan / ticksPerSecond,
      // A step of no time has no share to lose; JSON has no word for the quotient.
      lostBy: isInstant ? 0 : other.schedule.makespan / placement.schedule.makespan - 1,
    })),
    proof: `${isOptimal ? `optimal: the ${bound.argument} bound is met` : `lower bound by ${bound.argument}`}${bound.nodes === undefined ? '' : `, ${bound.nodes} nodes searched`}`,
    assumed: costs.assumed,
    misses: misses.map(
      (miss) => `${miss.placer} found no plan within the memory limits (${formatBytes(miss.excessBytes)} over)`,
    ),
  }
}

function percent(share: number): string {
  return Number.isFinite(share) ? `${(100 * share).toFixed(1)} %` : '0 %'
}
