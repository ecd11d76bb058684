import type { Schedule } from './schedule.js'

/** Copies of each tensor as lists: `first[tensor]`, then `next[copy]`, -1 at the end. */
export function copiesByTensor(tensorCount: number, schedule: Schedule): { first: Int32Array; next: Int32Array } {
  const first = new Int32Array(tensorCount).fill(-1)
  const next = new Int32Array(schedule.copyTensor.length)
  for (let c = 0; c < next.length; c++) {
    next[c] = first[schedule.copyTensor[c]]
    first[schedule.copyTensor[c]] = c
  }
  return { first, next }
}
