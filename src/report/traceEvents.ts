import type { PlayedTasks, TaskGraph, TaskNames } from '../simulate/engine/index.js'

/**
 * One entry of `traceEvents` in the Trace Event Format, as Perfetto and chrome://tracing read it: a complete event ("X", microseconds) or
 * a name ("M") of a process (device) or thread (stream).
 */
export interface TraceEvent {
  readonly ph: 'X' | 'M'
  readonly name: string
  readonly pid: number
  readonly tid?: number
  readonly cat?: string
  readonly ts?: number
  readonly dur?: number
  readonly args?: Readonly<Record<string, string | number>>
}

export interface TraceNames extends TaskNames {
  readonly deviceOf: (stream: number) => number
  readonly device: (device: number) => string
  /** The category of a kind of task, by which viewers filter. */
  readonly kind: (kind: number) => string
}

/**
 * The played tasks as trace events, one by one since there may be millions: names first, then each task on each of its streams. Tasks of
 * no length or on no stream cannot be seen and are left out.
 */
export function* traceEvents(
  graph: TaskGraph,
  played: PlayedTasks,
  names: TraceNames,
  ticksPerSecond: number,
): Generator<TraceEvent> {
  yield* nameEvents(graph.streamCount, names)
  const microseconds = (ticks: number) => ticks / (ticksPerSecond / 1e6)
  for (let task = 0; task < graph.taskCount; task++) {
    const ticks = played.end[task] - played.start[task]
    if (ticks === 0) continue
    for (let k = graph.streamStart[task]; k < graph.streamStart[task + 1]; k++) {
      const stream = graph.stream[k]
      yield {
        ph: 'X',
        name: names.task(task),
        cat: names.kind(graph.kind[task]),
        pid: names.deviceOf(stream),
        tid: stream,
        ts: microseconds(played.start[task]),
        dur: microseconds(ticks),
        ...(graph.bytes[task] > 0 && { args: { bytes: graph.bytes[task] } }),
      }
    }
  }
}

function* nameEvents(streamCount: number, names: TraceNames): Generator<TraceEvent> {
  const named = new Set<number>()
  for (let stream = 0; stream < streamCount; stream++) {
    const pid = names.deviceOf(stream)
    if (!named.has(pid)) {
      named.add(pid)
      yield { ph: 'M', name: 'process_name', pid, args: { name: names.device(pid) } }
      yield { ph: 'M', name: 'process_sort_index', pid, args: { sort_index: pid } }
    }
    yield { ph: 'M', name: 'thread_name', pid, tid: stream, args: { name: names.stream(stream) } }
  }
}
