import { type Problem, UserError } from '../../errors/index.js'
import type { TaskNames } from './names.js'
import type { TaskGraph } from './taskGraph.js'

/** So many of the tasks that one waits for are named, and so many of those that wait. */
const mostNamed = 3
const mostWaiting = 20

/**
 * Says why the rest can never start: first a circle of tasks each of which waits for the next, then the heads of all other blocked
 * streams. `waitsFor` counts what each task still waits for when nothing moves any more.
 */
export function failDeadlocked(graph: TaskGraph, waitsFor: Int32Array, names: TaskNames): never {
  const heads = blockedHeads(graph, waitsFor)
  const blockedStreams = heads.filter((task) => task >= 0)
  const waiting = [...new Set([...findCircle(graph, waitsFor, heads), ...blockedStreams])].slice(0, mostWaiting)
  const awaited = awaitedBy(graph, waitsFor, waiting)
  const blocked = waitsFor.reduce((count, left) => (left > 0 ? count + 1 : count), 0)
  const reasons = waiting.map((task): Problem => {
    const where = streamsOf(graph, task, names)
    const message = `${names.task(task)} waits for ${list(awaited.get(task)!, graph, names)}`
    return { code: 'E801', message, ...(where && { where }) }
  })
  const summary: Problem = {
    code: 'E801',
    message: `${blocked} of ${graph.taskCount} tasks, on ${blockedStreams.length} streams, wait for one another for ever`,
    fix: 'let each stream send and receive in the order in which its partners do',
  }
  throw new UserError([summary, ...reasons])
}

/** The first task of each stream that has not ended; -1 where all have. */
function blockedHeads(graph: TaskGraph, waitsFor: Int32Array): number[] {
  const heads = new Array<number>(graph.streamCount).fill(-1)
  for (let task = 0; task < graph.taskCount; task++) {
    if (waitsFor[task] === 0) continue
    for (const stream of streamNumbers(graph, task)) if (heads[stream] < 0) heads[stream] = task
  }
  return heads
}

/** Follows what tasks wait for, and from within a stream to its head, until a task comes again. */
function findCircle(graph: TaskGraph, waitsFor: Int32Array, heads: readonly number[]): number[] {
  const blocker = new Int32Array(graph.taskCount).fill(-1)
  for (let task = 0; task < graph.taskCount; task++) {
    if (waitsFor[task] === 0) continue
    for (let k = graph.successorStart[task]; k < graph.successorStart[task + 1]; k++)
      if (blocker[graph.successor[k]] < 0) blocker[graph.successor[k]] = task
  }
  const path = new Set<number>()
  let at = waitsFor.findIndex((left) => left > 0)
  while (!path.has(at)) {
    path.add(at)
    const next = blocker[at]
    const behind = streamNumbers(graph, next).find((stream) => heads[stream] !== next)
    at = behind === undefined ? next : heads[behind]
  }
  const steps = [...path]
  return steps.slice(steps.indexOf(at))
}

/** What each of the tasks waits for and has not ended, in order of number. */
function awaitedBy(graph: TaskGraph, waitsFor: Int32Array, tasks: readonly number[]): Map<number, number[]> {
  const awaited = new Map(tasks.map((task) => [task, [] as number[]]))
  for (let task = 0; task < graph.taskCount; task++) {
    if (waitsFor[task] === 0) continue
    for (let k = graph.successorStart[task]; k < graph.successorStart[task + 1]; k++) {
      const known = awaited.get(graph.successor[k])
      if (known && known[known.length - 1] !== task) known.push(task)
    }
  }
  return awaited
}

function list(tasks: readonly number[], graph: TaskGraph, names: TaskNames): string {
  return few(tasks, (task) => {
    const streams = streamsOf(graph, task, names)
    return streams ? `${names.task(task)} (${streams})` : names.task(task)
  })
}

function streamsOf(graph: TaskGraph, task: number, names: TaskNames): string {
  return few(streamNumbers(graph, task), names.stream)
}

function few(items: readonly number[], name: (item: number) => string): string {
  const more = items.length - mostNamed
  return items.slice(0, mostNamed).map(name).join(', ') + (more > 0 ? ` and ${more} more` : '')
}

function streamNumbers(graph: TaskGraph, task: number): number[] {
  return Array.from(graph.stream.subarray(graph.streamStart[task], graph.streamStart[task + 1]))
}
