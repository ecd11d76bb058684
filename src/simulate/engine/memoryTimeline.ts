import { sortedByTime } from '../../schedule/sortedByTime.js'
import { FloatColumn, IntColumn } from './columns.js'
import type { PlayedTasks } from './playTasks.js'

/** What a task takes and gives back, collected before or after it is played. */
export class MemoryChanges {
  readonly device = new IntColumn()
  readonly task = new IntColumn()
  readonly atEnd = new IntColumn()
  readonly bytes = new FloatColumn()
  readonly category = new IntColumn()

  /** Held from the beginning for ever: parameters, optimizer states. */
  hold(device: number, bytes: number, category: number): void {
    this.add(device, -1, 'start', bytes, category)
  }

  /** Bytes are taken when above 0, given back when below. */
  add(device: number, task: number, when: 'start' | 'end', bytes: number, category: number): void {
    this.device.push(device)
    this.task.push(task)
    this.atEnd.push(when === 'end' ? 1 : 0)
    this.bytes.push(bytes)
    this.category.push(category)
  }
}

export interface MemoryPeak {
  readonly bytes: number
  /** The first time at which so much is held. */
  readonly time: number
  readonly byCategory: readonly number[]
  /** The task that took most at that time; -1 when what was held from the beginning is all. */
  readonly task: number
}

/**
 * The peak of each device. Intervals are half-open: at equal times what is given back counts before what is taken, and what is held
 * from a time to the same time is never held.
 */
export function memoryPeaksOf(
  changes: MemoryChanges,
  played: PlayedTasks,
  size: { readonly devices: number; readonly categories: number },
): MemoryPeak[] {
  const device = changes.device.view()
  const task = changes.task.view()
  const bytes = changes.bytes.view()
  const category = changes.category.view()
  const time = timesOf(changes, played)
  const peaks = peakBytes(size.devices, device, bytes, time)

  const byCategory = Array.from({ length: size.devices }, () => new Array<number>(size.categories).fill(0))
  const cause = new Int32Array(size.devices).fill(-1)
  const most = new Float64Array(size.devices)
  for (let k = 0; k < time.length; k++) {
    const d = device[k]
    if (time[k] > peaks.time[d]) continue
    byCategory[d][category[k]] += bytes[k]
    if (time[k] === peaks.time[d] && bytes[k] > most[d] && task[k] >= 0) {
      most[d] = bytes[k]
      cause[d] = task[k]
    }
  }
  return byCategory.map((parts, d) => ({
    bytes: peaks.bytes[d],
    time: peaks.time[d],
    byCategory: parts,
    task: cause[d],
  }))
}

function timesOf(changes: MemoryChanges, { start, end }: PlayedTasks): Float64Array {
  const task = changes.task.view()
  const atEnd = changes.atEnd.view()
  return Float64Array.from(task, (each, k) => (each < 0 ? 0 : atEnd[k] ? end[each] : start[each]))
}

/** Looks at each device once all changes of a time are counted: the order among them cannot matter. */
function peakBytes(devices: number, device: Int32Array, bytes: Float64Array, time: Float64Array) {
  const now = new Float64Array(devices)
  const peak = new Float64Array(devices)
  const peakTime = new Float64Array(devices)
  const changedAt = new Float64Array(devices)
  const look = (d: number) => {
    if (now[d] <= peak[d]) return
    peak[d] = now[d]
    peakTime[d] = changedAt[d]
  }
  for (const k of sortedByTime(time)) {
    const d = device[k]
    if (time[k] > changedAt[d]) {
      look(d)
      changedAt[d] = time[k]
    }
    now[d] += bytes[k]
  }
  for (let d = 0; d < devices; d++) look(d)
  return { bytes: peak, time: peakTime }
}
