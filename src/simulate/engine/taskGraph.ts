import { InternalError } from '../../errors/index.js'
import { FloatColumn, IntColumn } from './columns.js'

/**
 * What the engine plays. Tasks, streams and links are numbers; a task is fixed work (`ticks`) or, when it crosses links, a flow:
 * `ticks` of latency, then `bytes` at the rate that its links leave it.
 */
export interface TaskGraph {
  readonly taskCount: number
  readonly streamCount: number
  /** Whole, not negative; the caller decides what a tick is. */
  readonly ticks: Float64Array
  readonly bytes: Float64Array
  /** The caller's class of work; the engine hands it on. */
  readonly kind: Int32Array
  /** Task t waits for so many edges; it releases successor[successorStart[t]] up to successorStart[t + 1]. */
  readonly predecessorCount: Int32Array
  readonly successorStart: Int32Array
  readonly successor: Int32Array
  /** Task t sits on stream[streamStart[t]] up to streamStart[t + 1]. */
  readonly streamStart: Int32Array
  readonly stream: Int32Array
  /** Task t crosses link[linkStart[t]] up to linkStart[t + 1], where it counts as linkWeight flows. */
  readonly linkStart: Int32Array
  readonly link: Int32Array
  readonly linkWeight: Float64Array
  /** Bytes per tick. */
  readonly linkRate: Float64Array
}

export interface TaskSpec {
  /** Fixed work; of a flow the latency before its first byte. Whole, not negative. */
  readonly ticks: number
  /** In-order queues that hold this task: on each of them it follows the task added before it. */
  readonly streams?: readonly number[]
  /** Tasks that must have ended, already added or not. */
  readonly after?: readonly number[]
  readonly kind?: number
  readonly bytes?: number
  /** Shared links that the bytes cross, all at once. */
  readonly links?: readonly number[]
  /** The flow stands for so many identical ones, each of `bytes`: on all its links, or one number a link (1 where each has its own). */
  readonly weight?: number | readonly number[]
  /** Bytes per tick that one flow never exceeds. */
  readonly rateCap?: number
}

/**
 * Collects tasks on growing columns. `task` takes a description; for hundreds of thousands of tasks `add`, `onStream`, `over` and `after`
 * do the same without objects and always speak of the last task added.
 */
export class TaskGraphBuilder {
  private readonly ticks: FloatColumn
  private readonly bytes: FloatColumn
  private readonly kind: IntColumn
  private readonly streamStart: IntColumn
  private readonly stream: IntColumn
  private readonly linkStart: IntColumn
  private readonly link = new IntColumn()
  private readonly linkWeight = new FloatColumn()
  private readonly linkRate = new FloatColumn()
  private readonly edgeFrom: IntColumn
  private readonly edgeTo: IntColumn
  /** The last task on each stream, -1 if none. */
  private readonly lastOnStream: number[] = []
  private lastBytes = 0

  constructor(expectedTasks = 64) {
    this.ticks = new FloatColumn(expectedTasks)
    this.bytes = new FloatColumn(expectedTasks)
    this.kind = new IntColumn(expectedTasks)
    this.streamStart = new IntColumn(expectedTasks)
    this.stream = new IntColumn(expectedTasks)
    this.linkStart = new IntColumn(expectedTasks)
    this.edgeFrom = new IntColumn(2 * expectedTasks)
    this.edgeTo = new IntColumn(2 * expectedTasks)
  }

  get taskCount(): number {
    return this.ticks.length
  }

  /** A new link; returns its number. */
  addLink(bytesPerTick: number): number {
    if (!(bytesPerTick > 0 && bytesPerTick < Number.POSITIVE_INFINITY))
      throw new InternalError(`a link needs a rate above 0, not ${bytesPerTick}`)
    this.linkRate.push(bytesPerTick)
    return this.linkRate.length - 1
  }

  /** A new task; returns its number: 0, 1, 2, ... in the order of adding. */
  task(spec: TaskSpec): number {
    const { streams, after, links, weight = 1 } = spec
    const task = this.add(spec.ticks, spec.kind, spec.bytes, spec.rateCap)
    if (streams) for (const stream of streams) this.onStream(stream)
    if (after) for (const before of after) this.after(before)
    if (links)
      for (let k = 0; k < links.length; k++) this.over(links[k], typeof weight === 'number' ? weight : weight[k])
    return task
  }

  add(ticks: number, kind = 0, bytes = 0, rateCap = Number.POSITIVE_INFINITY): number {
    if (!(ticks >= 0 && Number.isSafeInteger(ticks))) throw new InternalError(`ticks must be whole, not ${ticks}`)
    if (!(bytes >= 0 && bytes < Number.POSITIVE_INFINITY)) throw new InternalError(`impossible bytes: ${bytes}`)
    this.ticks.push(ticks)
    this.kind.push(kind)
    this.bytes.push(bytes)
    this.lastBytes = bytes
    this.streamStart.push(this.stream.length)
    this.linkStart.push(this.link.length)
    // One's own cap is a link that nobody shares.
    if (bytes > 0 && rateCap !== Number.POSITIVE_INFINITY) this.over(this.addLink(rateCap), 1)
    return this.ticks.length - 1
  }

  /** The last task on a stream, which must have one. */
  lastOn(stream: number): number {
    const task = this.lastOnStream[stream] ?? -1
    if (task < 0) throw new InternalError(`stream ${stream} has no task`)
    return task
  }

  onStream(stream: number): void {
    const task = this.ticks.length - 1
    const { lastOnStream } = this
    while (lastOnStream.length <= stream) lastOnStream.push(-1)
    const last = lastOnStream[stream]
    if (last === task) throw new InternalError(`task ${task} is twice on stream ${stream}`)
    lastOnStream[stream] = task
    this.stream.push(stream)
    if (last >= 0) this.addEdge(last, task)
  }

  /** The last task's bytes cross the link, on which it counts as `weight` flows. Without bytes there is nothing to cross. */
  over(link: number, weight: number): void {
    if (!(weight >= 1 && Number.isSafeInteger(weight))) throw new InternalError(`a weight must be whole, not ${weight}`)
    if (this.lastBytes === 0) return
    this.link.push(link)
    this.linkWeight.push(weight)
  }

  after(before: number): void {
    this.addEdge(before, this.ticks.length - 1)
  }

  /** `after` waits for the end of `before`; either may be added later. */
  addEdge(before: number, after: number): void {
    this.edgeFrom.push(before)
    this.edgeTo.push(after)
  }

  build(): TaskGraph {
    const taskCount = this.taskCount
    const edgeFrom = this.edgeFrom.view()
    const edgeTo = this.edgeTo.view()
    for (let e = 0; e < edgeFrom.length; e++)
      if (!(edgeFrom[e] >= 0 && edgeFrom[e] < taskCount && edgeTo[e] >= 0 && edgeTo[e] < taskCount))
        throw new InternalError(`no such task: ${edgeFrom[e]} before ${edgeTo[e]}`)
    const link = this.link.view()
    for (const each of link) if (!(each >= 0 && each < this.linkRate.length)) throw new InternalError(`no link ${each}`)
    return {
      taskCount,
      streamCount: this.lastOnStream.length,
      ticks: this.ticks.view(),
      bytes: this.bytes.view(),
      kind: this.kind.view(),
      ...successors(taskCount, edgeFrom, edgeTo),
      streamStart: closed(this.streamStart, this.stream.length),
      stream: this.stream.view(),
      linkStart: closed(this.linkStart, link.length),
      link,
      linkWeight: this.linkWeight.view(),
      linkRate: this.linkRate.view(),
    }
  }
}

function closed(starts: IntColumn, end: number): Int32Array {
  const all = new Int32Array(starts.length + 1)
  all.set(starts.view())
  all[starts.length] = end
  return all
}

/** Edges by the task they leave, in the order of adding. */
function successors(taskCount: number, edgeFrom: Int32Array, edgeTo: Int32Array) {
  const predecessorCount = new Int32Array(taskCount)
  const successorStart = new Int32Array(taskCount + 1)
  for (let e = 0; e < edgeFrom.length; e++) {
    predecessorCount[edgeTo[e]]++
    successorStart[edgeFrom[e] + 1]++
  }
  for (let t = 0; t < taskCount; t++) successorStart[t + 1] += successorStart[t]
  const next = successorStart.slice(0, taskCount)
  const successor = new Int32Array(edgeFrom.length)
  for (let e = 0; e < edgeFrom.length; e++) successor[next[edgeFrom[e]]++] = edgeTo[e]
  return { predecessorCount, successorStart, successor }
}
