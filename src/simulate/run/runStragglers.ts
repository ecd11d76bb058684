import type { Calibration } from '../../cost/training/index.js'
import { deviceSlowness } from '../../model/index.js'
import { playedSeconds } from './playedSeconds.js'
import type { PreparedRun } from './prepareRun.js'
import { straggle } from './stragglers.js'
import type { WorkSeconds } from './workKinds.js'

/** What unequal devices cost the step, and what would win it back. */
export interface RunStragglers {
  /** Were all devices as fast as their kind. */
  readonly equalStepSeconds: number
  readonly slowest: { readonly device: number; readonly speed: number }
  /** Each replica takes microbatches by its speed; absent where there is one, or every pass waits for all. */
  readonly reshareBatch?: { readonly stepSeconds: number; readonly microbatchesByReplica: readonly number[] }
  /** Each replica also computes the gradients of as many others as need not be waited for. */
  readonly gradientCoding?: { readonly stepSeconds: number; readonly tolerated: number }
}

/** The step of a run whose devices are unequal; nothing for one whose devices are not. */
export function runStragglers(
  prepared: PreparedRun,
  seconds: WorkSeconds,
  coefficients: Calibration['coefficients'],
): { readonly stepSeconds: number; readonly stragglers: RunStragglers } | undefined {
  const { stragglers } = prepared.run
  if (!stragglers) return undefined
  const slowness = deviceSlowness(stragglers, prepared.cluster.devices, '#/stragglers')
  const { ticks, equalTicks, slowest, reshared, coded } = straggle(prepared, seconds, slowness)
  const stepOf = (length: number) => playedSeconds(prepared, () => length, seconds, coefficients)
  const { data } = prepared.sharing.degrees
  return {
    stepSeconds: stepOf(ticks),
    stragglers: {
      equalStepSeconds: stepOf(equalTicks),
      slowest,
      ...(reshared && {
        reshareBatch: {
          stepSeconds: stepOf(reshared.ticks),
          microbatchesByReplica: reshared.microbatches.flatMap((count) =>
            new Array<number>(data / reshared.microbatches.length).fill(count),
          ),
        },
      }),
      ...(coded && { gradientCoding: { stepSeconds: stepOf(coded.ticks), tolerated: coded.tolerated } }),
    },
  }
}
