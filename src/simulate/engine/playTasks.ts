import { InternalError } from '../../errors/index.js'
import { failDeadlocked } from './deadlock.js'
import { EventQueue } from './eventQueue.js'
import { LinkSharing } from './linkSharing.js'
import { defaultNames, type TaskNames } from './names.js'
import type { TaskGraph } from './taskGraph.js'

export interface PlayedTasks {
  /** Ticks at which each task starts (a flow: its latency) and ends. */
  readonly start: Float64Array
  readonly end: Float64Array
  readonly makespan: number
  /** Ends of tasks, and flows whose latency was over. */
  readonly eventCount: number
}

/**
 * Plays the tasks: each starts when all that it waits for has ended. Fixed work cannot be disturbed, so its end is known at its start
 * and handed on at once; only flows pass through the queue of events. Without flows this is the longest path in one pass.
 */
export function playTasks(graph: TaskGraph, names: TaskNames = defaultNames): PlayedTasks {
  const queue = new EventQueue(graph.link.length > 0 ? graph.taskCount : 0)
  const sharing = new LinkSharing(graph, queue)
  const progress = new Progress(graph, queue)
  progress.startFirst()
  let arrivals = 0
  while (queue.size > 0) {
    const now = queue.nextTime
    while (queue.size > 0 && queue.nextTime === now) {
      const flow = queue.pop()
      if (sharing.isUnderWay(flow)) {
        sharing.leave(flow)
        progress.finish(flow, now)
      } else {
        sharing.enter(flow)
        arrivals++
      }
    }
    sharing.shareOut(now)
  }
  const { start, end, waitsFor, ended } = progress
  if (ended < graph.taskCount) failDeadlocked(graph, waitsFor, names)
  let makespan = 0
  for (const time of end) if (time > makespan) makespan = time
  if (!Number.isSafeInteger(makespan)) throw new InternalError('too many ticks to count: a coarser tick is needed')
  return { start, end, makespan, eventCount: ended + arrivals }
}

/** Who has ended and who may start. */
class Progress {
  readonly start: Float64Array
  readonly end: Float64Array
  /** Edges to predecessors that have not ended. */
  readonly waitsFor: Int32Array
  ended = 0
  private readonly ready: Int32Array

  constructor(
    private readonly graph: TaskGraph,
    private readonly queue: EventQueue,
  ) {
    this.start = new Float64Array(graph.taskCount)
    this.end = new Float64Array(graph.taskCount)
    this.waitsFor = graph.predecessorCount.slice()
    this.ready = new Int32Array(graph.taskCount)
  }

  startFirst(): void {
    const { graph } = this
    for (let task = 0; task < graph.taskCount; task++) if (graph.predecessorCount[task] === 0) this.startFrom(task)
  }

  finish(task: number, now: number): void {
    this.end[task] = now
    this.startReady(this.release(task, now, 0))
  }

  private startFrom(task: number): void {
    this.ready[0] = task
    this.startReady(1)
  }

  /** Starts the ready tasks, and those that become ready by their ends, until only flows are left. */
  private startReady(count: number): void {
    const { graph, start, end, ready, queue } = this
    const { ticks, linkStart } = graph
    let left = count
    while (left > 0) {
      const task = ready[--left]
      const at = start[task] + ticks[task]
      if (linkStart[task] < linkStart[task + 1]) queue.set(task, at)
      else {
        end[task] = at
        left = this.release(task, at, left)
      }
    }
  }

  /** One ended: its successors wait for one less, and join the `left` ready ones when for none. */
  private release(task: number, now: number, left: number): number {
    const { start, waitsFor, ready } = this
    const { successorStart, successor } = this.graph
    let count = left
    for (let k = successorStart[task]; k < successorStart[task + 1]; k++) {
      const next = successor[k]
      if (now > start[next]) start[next] = now
      if (--waitsFor[next] === 0) ready[count++] = next
    }
    this.ended++
    return count
  }
}
