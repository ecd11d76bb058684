import type { Trace, TraceCall, TraceOp } from '../../cost/index.js'
import type { Phase } from '../../graph/index.js'
import type { TraceEvents } from './events.js'

/**
 * Nests a trace's events by containment on their threads, hands each backward op to its forward op (the last one with its sequence number: the
 * first may lie in the module before), and each kernel's time to the op that launched it.
 */
export function traceOf(events: TraceEvents): Trace {
  const root: TraceCall = { module: '', items: [] }
  const calls: TraceCall[] = [root]
  const nodes = new Map<number, Building>()
  const enclosing = new Map<number, Building>()
  const tolerance = toleranceOf(events)
  const stack: Frame[] = []
  let thread = -1
  for (const i of inOrder(events)) {
    if (events.thread[i] !== thread) stack.length = 0
    thread = events.thread[i]
    const start = events.startMicroseconds[i]
    const end = start + events.microseconds[i]
    while (stack.length > 0) {
      const top = stack[stack.length - 1]
      if (top.end > start + tolerance.before && end <= top.end + tolerance.after) break
      stack.pop()
    }
    const above = stack[stack.length - 1] ?? { call: root, phase: undefined, op: undefined }
    if (events.kind[i] === 'launch') {
      if (above.op && events.correlation[i] >= 0) enclosing.set(i, above.op)
    } else if (events.kind[i] === 'annotation') {
      stack.push(annotation(events.name[i], end, above, calls))
    } else {
      const op = opOf(events, i, above)
      nodes.set(i, op)
      if (above.op) above.op.inner.push(op)
      else above.call.items.push(op)
      stack.push({ end, call: above.call, phase: op.phase, op })
    }
  }
  const isDeviceTime = timeKernels(events, nodes, enclosing)
  linkBackward(events, nodes, calls)
  return { calls: calls.filter((call) => call.items.length > 0), isDeviceTime, eventCount: events.count }
}

type Building = { -readonly [K in keyof TraceOp]: TraceOp[K] }

interface Frame {
  readonly end: number
  readonly call: TraceCall
  readonly phase: Phase | undefined
  readonly op: Building | undefined
}

/** Ops, annotations and launches by thread, the outer before the inner. */
function inOrder({ count, kind, thread, startMicroseconds, microseconds }: TraceEvents): number[] {
  const order: number[] = []
  for (let i = 0; i < count; i++) if (kind[i] !== 'kernel') order.push(i)
  return order.sort(
    (a, b) =>
      thread[a] - thread[b] ||
      startMicroseconds[a] - startMicroseconds[b] ||
      microseconds[b] - microseconds[a] ||
      a - b,
  )
}

/** Old traces count whole microseconds, so that an inner op may seem to outlast its outer by one; new ones round to a nanosecond. */
function toleranceOf({ startMicroseconds, microseconds }: TraceEvents): { before: number; after: number } {
  const isWhole = startMicroseconds.every(Number.isInteger) && microseconds.every(Number.isInteger)
  return isWhole ? { before: 0, after: 1 } : { before: 0.001, after: 0.002 }
}

function annotation(name: string, end: number, above: Omit<Frame, 'end'>, calls: TraceCall[]): Frame {
  if (name.startsWith('mod:')) {
    const call: TraceCall = { module: name.slice(4), items: [] }
    above.call.items.push(call)
    return { ...above, end, call }
  }
  if (name.startsWith('ProfilerStep#')) {
    const call: TraceCall = { module: '', items: [] }
    calls.push(call)
    return { ...above, end, call }
  }
  const phase = /^phase:(forward|backward|optimizer)$/.exec(name)?.[1] as Phase | undefined
  return { ...above, end, phase: phase ?? (name.startsWith('Optimizer.') ? 'optimizer' : above.phase) }
}

function opOf(events: TraceEvents, i: number, above: Omit<Frame, 'end'>): Building {
  const type = events.name[i]
  const phase = type.startsWith('autograd::engine::evaluate_function') ? 'backward' : (above.phase ?? 'forward')
  const seconds = events.microseconds[i] / 1e6
  return { type, phase, seconds, inner: [], backward: [], ...(above.op && { parent: above.op }) }
}

/** Kernel -> launch by correlation -> op that encloses the launch, or else that it names. Replaces host times when any kernel is found. */
function timeKernels(
  events: TraceEvents,
  nodes: ReadonlyMap<number, Building>,
  enclosing: ReadonlyMap<number, Building>,
): boolean {
  const byExternalId = new Map<number, Building>()
  for (const [i, op] of nodes) if (events.externalId[i] >= 0) byExternalId.set(events.externalId[i], op)
  const launcher = new Map<number, Building>()
  for (let i = 0; i < events.count; i++) {
    if (events.kind[i] !== 'launch') continue
    // Traces before torch 2.1 repeat the correlation as the external id: then it names no op.
    const named = events.externalId[i] === events.correlation[i] ? undefined : byExternalId.get(events.externalId[i])
    const op = enclosing.get(i) ?? named
    if (op) launcher.set(events.correlation[i], op)
  }
  const seconds = new Map<TraceOp, number>()
  const add = (op: TraceOp | undefined, more: number) => op && seconds.set(op, (seconds.get(op) ?? 0) + more)
  for (let i = 0; i < events.count; i++)
    if (events.kind[i] === 'kernel') add(launcher.get(events.correlation[i]), events.microseconds[i] / 1e6)
  if (seconds.size === 0) return false
  // What an op called was met after it.
  for (const op of [...nodes.values()].reverse()) {
    op.seconds = seconds.get(op) ?? 0
    add(op.parent, op.seconds)
  }
  return true
}

/** Moves outermost backward ops from where they ran to the forward op that they belong to; those without one stay. */
function linkBackward(events: TraceEvents, nodes: ReadonlyMap<number, Building>, calls: readonly TraceCall[]): void {
  const last = new Map<number, Building>()
  const sequenceOf = new Map<TraceCall | TraceOp, number>()
  for (const [i, op] of nodes) {
    const sequence = events.sequence[i]
    if (sequence < 0) continue
    if (op.phase === 'forward') last.set(sequence, op)
    else if (op.phase === 'backward' && !op.parent) sequenceOf.set(op, sequence)
  }
  for (const call of calls) {
    let kept = 0
    for (const item of call.items) {
      const sequence = sequenceOf.get(item)
      const forward = sequence === undefined ? undefined : last.get(sequence)
      if (forward) forward.backward.push(item as TraceOp)
      else call.items[kept++] = item
    }
    call.items.length = kept
  }
}
