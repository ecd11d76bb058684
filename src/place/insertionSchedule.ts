import { MemoryLedger, memoryPeaks, opOrder, Scheduler, type SchedulingProblem } from '../schedule/index.js'
import { needsMemoryFilter } from './memoryFilter.js'
import { rankOrder } from './orders.js'
import type { Attempt } from './placement.js'

export interface InsertionOptions {
  /** Weight of transfers in the upward rank that orders the ops. */
  readonly rankTransferWeight: number
  /** A device is charged this times the transfers it would need, on top of the op's finish there. */
  readonly transferPenalty: number
  /** Only the first so many devices are used. */
  readonly devices: number
}

/**
 * HEFT with insertion (Topcuoglu et al., TPDS 2002): ops in order of upward rank, each to the device where it would finish first, gaps included. The
 * penalty makes an op follow its inputs where finishing alone would spread it: endpoints are a shared resource that the rank does not see.
 */
export function insertionSchedule(problem: SchedulingProblem, options: InsertionOptions): Attempt {
  const { graph } = problem
  const order = rankOrder(problem, options.rankTransferWeight)
  const scheduler = new Scheduler(problem)
  const ledger = needsMemoryFilter(problem) ? new MemoryLedger(problem, scheduler) : undefined
  const groupDevice = new Int32Array(graph.groupNames.length).fill(-1)
  for (let k = 0; k < order.length; k++) {
    const op = order[k]
    const group = graph.groupOf[op]
    const fixed = group < 0 ? -1 : groupDevice[group]
    const best = bestDevice(scheduler, ledger, op, fixed, options)
    if (best.device < 0)
      return { miss: { placer: 'heft', placedOps: k, op, device: best.nearest, excessBytes: best.excessBytes } }
    if (group >= 0) groupDevice[group] = best.device
    const firstCopy = scheduler.copyCount
    scheduler.commitOp(op, best.device)
    ledger?.record(op, firstCopy)
  }
  const schedule = scheduler.result()
  const peakBytes = memoryPeaks(problem, schedule)
  return { placement: { placer: 'heft', deviceOf: schedule.opDevice, order: opOrder(order), schedule, peakBytes } }
}

function bestDevice(
  scheduler: Scheduler,
  ledger: MemoryLedger | undefined,
  op: number,
  fixed: number,
  { transferPenalty, devices }: InsertionOptions,
): { device: number; nearest: number; excessBytes: number } {
  let device = -1
  let least = Number.POSITIVE_INFINITY
  let nearest = 0
  let excessBytes = Number.POSITIVE_INFINITY
  const last = fixed < 0 ? Math.min(devices, scheduler.problem.deviceCount) - 1 : fixed
  for (let d = Math.max(fixed, 0); d <= last; d++) {
    const ticks = scheduler.opTicks(op, d)
    if (ticks < 0) continue
    const start = scheduler.compute[d].fit(scheduler.arrival(op, d), ticks)
    const cost = start + ticks + (transferPenalty > 0 ? transferPenalty * scheduler.missingTicks(op, d) : 0)
    if (cost >= least) continue
    const excess = ledger ? ledger.excess(op, d, start) : 0
    if (excess > 0) {
      if (excess < excessBytes) {
        excessBytes = excess
        nearest = d
      }
      continue
    }
    least = cost
    device = d
  }
  return { device, nearest, excessBytes }
}
