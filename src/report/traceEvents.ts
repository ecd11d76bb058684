/**
 * One entry of `traceEvents` in the Trace Event Format, as Perfetto and chrome://tracing read it: a complete event ("X", microseconds) or
 * a name ("M") of a process or thread.
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

/** A row of bars in a viewer: a rank or device with its threads. */
export interface TraceProcess {
  readonly name: string
  readonly threads: readonly string[]
}

/** One bar. */
export interface TraceSpan {
  readonly process: number
  readonly thread: number
  readonly name: string
  /** By which viewers filter. */
  readonly category: string
  readonly startSeconds: number
  readonly endSeconds: number
  readonly args?: Readonly<Record<string, string | number>>
}

export interface Trace {
  readonly processes: readonly TraceProcess[]
  readonly spans: Iterable<TraceSpan>
  /** What the trace is of, for people who open it later. */
  readonly about: Readonly<Record<string, string | number>>
}

/** Names first, then the bars. Those of no length cannot be seen and are left out. */
export function* traceEvents({ processes, spans }: Pick<Trace, 'processes' | 'spans'>): Generator<TraceEvent> {
  for (const [pid, { name, threads }] of processes.entries()) {
    yield { ph: 'M', name: 'process_name', pid, args: { name } }
    yield { ph: 'M', name: 'process_sort_index', pid, args: { sort_index: pid } }
    for (const [tid, thread] of threads.entries())
      yield { ph: 'M', name: 'thread_name', pid, tid, args: { name: thread } }
  }
  for (const { process, thread, name, category, startSeconds, endSeconds, args } of spans) {
    if (!(endSeconds > startSeconds)) continue
    const ts = microseconds(startSeconds)
    const dur = microseconds(endSeconds) - ts
    yield { ph: 'X', name, cat: category, pid: process, tid: thread, ts, dur: rounded(dur), ...(args && { args }) }
  }
}

/** The whole file, one event a line. */
export function traceText(trace: Trace): string {
  const lines = [...traceEvents(trace)].map((event) => JSON.stringify(event))
  const about = JSON.stringify(trace.about)
  return `{"displayTimeUnit":"ms","otherData":${about},"traceEvents":[\n${lines.join(',\n')}\n]}\n`
}

const microseconds = (seconds: number): number => rounded(seconds * 1e6)

/** To a picosecond, which is what schedules count in. */
const rounded = (value: number): number => Number(value.toFixed(6))
