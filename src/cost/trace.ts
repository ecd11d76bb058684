import type { Phase } from '../graph/index.js'

/** One measured step as a profiler saw it: what ran inside which module, and how long. Made by `formats/kineto`. */
export interface Trace {
  /** What ran outside every module, a call for each step of the profiler. */
  readonly calls: readonly TraceCall[]
  /** Whether seconds are those of kernels on a device, or of ops on the host. */
  readonly isDeviceTime: boolean
  readonly eventCount: number
}

/** One execution of a module: its ops and the calls of modules inside, in the order of their beginning. */
export interface TraceCall {
  /** Path of the module; empty outside every module. */
  readonly module: string
  readonly items: (TraceCall | TraceOp)[]
}

/** One op, with the ops that it called. */
export interface TraceOp {
  /** As the profiler calls it: aten::addmm. */
  readonly type: string
  readonly phase: Phase
  /** With all that it called. */
  readonly seconds: number
  readonly inner: TraceOp[]
  readonly parent?: TraceOp
  /** What autograd ran for this op later. */
  readonly backward: TraceOp[]
}

export function isCall(item: TraceCall | TraceOp): item is TraceCall {
  return 'module' in item
}

/** An op and all that it called; without recursion, for nesting comes from a file. */
export function* withInner(op: TraceOp): Generator<TraceOp> {
  const pending = [op]
  for (let at = pending.pop(); at; at = pending.pop()) {
    yield at
    for (let k = at.inner.length - 1; k >= 0; k--) pending.push(at.inner[k])
  }
}

/** One line for each op name, module and phase. */
export interface TraceRow {
  readonly op: string
  readonly module: string
  readonly phase: Phase
  readonly seconds: number
  readonly count: number
}

/** A trace as a table; ops count where they were called from no other op, backward ops under the module of their forward op. */
export function traceRows(trace: Trace): TraceRow[] {
  const rows = new Map<string, { -readonly [K in keyof TraceRow]: TraceRow[K] }>()
  const add = (op: TraceOp, module: string) => {
    const key = JSON.stringify([op.type, module, op.phase])
    const row = rows.get(key) ?? { op: op.type, module, phase: op.phase, seconds: 0, count: 0 }
    row.seconds += op.seconds
    row.count++
    rows.set(key, row)
  }
  const pending = [...trace.calls]
  for (let call = pending.pop(); call; call = pending.pop()) {
    for (const item of call.items) {
      if (isCall(item)) pending.push(item)
      else {
        add(item, call.module)
        for (const op of withInner(item)) for (const each of op.backward) add(each, call.module)
      }
    }
  }
  return [...rows.values()].sort((a, b) => b.seconds - a.seconds || (a.op < b.op ? -1 : 1))
}
