import type { PlacementPrediction, ScheduleDocument } from '../plan/index.js'
import {
  type CriticalActivity,
  criticalPath,
  memoryPeaks,
  type Schedule,
  type SchedulingProblem,
} from '../schedule/index.js'

export interface PredictedPlacement {
  readonly prediction: PlacementPrediction
  /** The chain of activities that makes the step as long as it is, in time order. */
  readonly criticalPath: readonly CriticalActivity[]
}

/**
 * What a placement's schedule means: step time, peak bytes, where the time of the critical path goes.
 * Pure arithmetic on a schedule that the core made; placer and simulator therefore agree to the bit.
 */
export function predictPlacement(
  problem: SchedulingProblem,
  schedule: Schedule,
  options: {
    readonly lowerBoundTicks: number
    readonly withSchedule?: boolean
    /** What `memoryPeaks` says of the schedule, where that is known already. */
    readonly peakBytes?: Float64Array
  },
): PredictedPlacement {
  const { ticksPerSecond, memoryLimits } = problem
  const seconds = (ticks: number) => ticks / ticksPerSecond
  const peakBytes = options.peakBytes ?? memoryPeaks(problem, schedule)
  const chain = criticalPath(problem, schedule)
  const onChain = (isTransfer: boolean) =>
    chain.reduce((sum, each) => (each.isTransfer === isTransfer ? sum + each.end - each.start : sum), 0)
  const compute = onChain(false)
  const exposed = onChain(true)
  return {
    criticalPath: chain,
    prediction: {
      stepSeconds: seconds(schedule.makespan),
      lowerBoundSeconds: seconds(Math.min(options.lowerBoundTicks, schedule.makespan)),
      peakBytes: [...peakBytes],
      fits: peakBytes.every((bytes, d) => bytes <= memoryLimits[d]),
      breakdown: {
        compute: seconds(compute),
        exposedCommunication: seconds(exposed),
        other: seconds(schedule.makespan - compute - exposed),
      },
      unmodelledFlopsFraction: unmodelledFraction(problem),
      computeSeconds: computeTicks(problem, schedule).map(seconds),
      ...(options.withSchedule ? { schedule: scheduleDocument(problem, schedule) } : {}),
    },
  }
}

function computeTicks({ deviceCount }: SchedulingProblem, schedule: Schedule): number[] {
  const busy = new Array<number>(deviceCount).fill(0)
  schedule.opDevice.forEach((device, op) => {
    busy[device] += schedule.opEnd[op] - schedule.opStart[op]
  })
  return busy
}

/** Ops whose work is unknown, as a share of all ops by their outputs' bytes: their FLOPs are what is not known. */
function unmodelledFraction({ graph }: SchedulingProblem): number {
  let all = 0
  let unknown = 0
  for (const op of graph.ops) {
    const bytes = (op.outputs ?? []).reduce((sum, output) => sum + output.bytes, 0)
    all += bytes
    if (op.unmodelled !== undefined) unknown += bytes
  }
  return all > 0 ? unknown / all : 0
}

function scheduleDocument({ graph, ticksPerSecond }: SchedulingProblem, schedule: Schedule): ScheduleDocument {
  const seconds = (ticks: number) => ticks / ticksPerSecond
  const ops = graph.ops.map(
    (op, i) => [op.name, schedule.opDevice[i], seconds(schedule.opStart[i]), seconds(schedule.opEnd[i])] as const,
  )
  const transfers = Array.from(schedule.copyTensor, (tensor, c) => {
    const from = schedule.opDevice[graph.tensorProducer[tensor]]
    return [
      graph.tensorNames[tensor],
      from,
      schedule.copyTo[c],
      seconds(schedule.copyStart[c]),
      seconds(schedule.copyEnd[c]),
    ] as const
  })
  transfers.sort((a, b) => (a[0] < b[0] ? -1 : a[0] > b[0] ? 1 : a[2] - b[2]))
  return { ops, transfers }
}
