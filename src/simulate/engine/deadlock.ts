import { Problems } from '../../errors/index.js'
import type { TaskNames } from './names.js'
import type { TaskGraph } from './taskGraph.js'

/** So many of the tasks that one waits for are named. */
const mostNamed = 3

/**
 * Says why the rest can never start: first a circle of tasks each of which waits for the next, then the heads of all other blocked
 * streams. `waitsFor` counts what each task still waits for when nothing moves any more.
 */
export function failDeadlocked(graph: TaskGraph, waitsFor: Int32Array, names: TaskNames): never {
  const heads = blockedHeads(graph, waitsFor)
  const circle = findCircle(graph, waitsFor, heads)
  const told = [...new Set([...circle, ...heads.filter((task) => task >= 0)])]
  const awaited = awaitedBy(graph, waitsFor, new Set(told))

  const blocked = waitsFor.reduce((count, left) => (left > 0 ? count + 1 : count), 0)
  const streams = heads.reduce((count, task) => (task >= 0 ? count + 1 : count), 0)
  const problems = new Problems()
  problems.add('E801', `${blocked} of ${graph.taskCount} tasks on ${streams} streams wait for one another for ever`, {
    fix: 'let each stream send and receive in the order in which its partners do',
  })
  for (const task of told) {
    const streamNames = streamsOf(graph, task, names)
    problems.add('E801', `${names.task(task)} waits for ${list(awaited.get(task) ?? [], graph, names)}`, {
      ...(streamNames && { where: streamNames }),
    })
  }
  problems.throwIfAny()
  throw new Error('unreachable')
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
function awaitedBy(graph: TaskGraph, waitsFor: Int32Array, tasks: ReadonlySet<number>): Map<number, number[]> {
  const awaited = new Map<number, number[]>()
  for (let task = 0; task < graph.taskCount; task++) {
    if (waitsFor[task] === 0) continue
    for (let k = graph.successorStart[task]; k < graph.successorStart[task + 1]; k++) {
      const waiting = graph.successor[k]
      if (!tasks.has(waiting)) continue
      const known = awaited.get(waiting)
      if (!known) awaited.set(waiting, [task])
      else if (known[known.length - 1] !== task) known.push(task)
    }
  }
  return awaited
}

function list(tasks: readonly number[], graph: TaskGraph, names: TaskNames): string {
  const named = tasks.slice(0, mostNamed).map((task) => {
    const streams = streamsOf(graph, task, names)
    return streams ? `${names.task(task)} (${streams})` : names.task(task)
  })
  const more = tasks.length - named.length
  return named.join(', ') + (more > 0 ? ` and ${more} more` : '')
}

function streamsOf(graph: TaskGraph, task: number, names: TaskNames): string {
  const streams = streamNumbers(graph, task)
  const more = streams.length - mostNamed
  return streams.slice(0, mostNamed).map(names.stream).join(', ') + (more > 0 ? ` and ${more} more` : '')
}

function streamNumbers(graph: TaskGraph, task: number): number[] {
  return Array.from(graph.stream.subarray(graph.streamStart[task], graph.streamStart[task + 1]))
}
