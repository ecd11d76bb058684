import { Problems } from '../../errors/index.js'
import { type FieldChecker, fieldChecker } from '../fields.js'
import type { Source } from '../source.js'
import { arrayElements } from './arrayElements.js'

export type EventKind = 'op' | 'annotation' | 'launch' | 'kernel'

/** The events of a trace that say how long an op took, as columns: a trace has millions. Seconds since the trace's first event. */
export interface TraceEvents {
  readonly count: number
  readonly kind: readonly EventKind[]
  readonly name: readonly string[]
  /** Process and thread, numbered. */
  readonly thread: readonly number[]
  readonly startMicroseconds: readonly number[]
  readonly microseconds: readonly number[]
  /** Autograd's number that a forward op and its backward op share; -1 for none. */
  readonly sequence: readonly number[]
  /** What a launch and its kernel share; -1 for none. */
  readonly correlation: readonly number[]
  /** The op's own number, which a launch may name. */
  readonly externalId: readonly number[]
}

/** Reads the complete events ("ph": "X") of torch.profiler's traces; all else, Python frames among it, is skipped as it is met. */
export function readEvents(source: Source): TraceEvents {
  const problems = new Problems()
  const check = fieldChecker(source.name, problems)
  const events = columns()
  const names = new Map<string, string>()
  const threads = new Map<string, number>()
  let index = 0
  for (const event of arrayElements(source, 'traceEvents')) {
    const kind = event.ph === 'X' ? kinds[String(event.cat).toLowerCase()] : undefined
    check.enter('traceEvents', index++)
    if (kind === undefined) continue
    check.string(event.name, 'name')
    if (typeof event.ts !== 'number') check.wrong('ts', 'a number', event.ts)
    const microseconds = check.quantity(event.dur, 'dur')
    const args = event.args === undefined ? {} : (check.record(event.args, 'args') ?? {})
    const name = String(event.name)
    const thread = `${event.pid} ${event.tid}`
    if (!names.has(name)) names.set(name, name)
    if (!threads.has(thread)) threads.set(thread, threads.size)
    events.kind.push(kind)
    events.name.push(names.get(name)!)
    events.thread.push(threads.get(thread)!)
    events.startMicroseconds.push(Number(event.ts))
    events.microseconds.push(microseconds)
    events.sequence.push(numberOr(args['Sequence number'], 'args/Sequence number', check))
    events.correlation.push(numberOr(args.correlation, 'args/correlation', check))
    events.externalId.push(numberOr(args['External id'] ?? args['external id'], 'args/External id', check))
  }
  problems.throwIfAny()
  // Numbered by name, so that the order of the file does not matter.
  const rank = new Map([...threads.keys()].sort().map((key, k) => [threads.get(key)!, k]))
  return { ...events, thread: events.thread.map((each) => rank.get(each)!), count: events.kind.length }
}

/** Categories of Kineto, those before torch 1.12 included. */
const kinds: Readonly<Record<string, EventKind>> = {
  cpu_op: 'op',
  operator: 'op',
  user_annotation: 'annotation',
  cuda_runtime: 'launch',
  cuda_driver: 'launch',
  runtime: 'launch',
  kernel: 'kernel',
  gpu_memcpy: 'kernel',
  gpu_memset: 'kernel',
  memcpy: 'kernel',
  memset: 'kernel',
}

function columns() {
  return {
    kind: [] as EventKind[],
    name: [] as string[],
    thread: [] as number[],
    startMicroseconds: [] as number[],
    microseconds: [] as number[],
    sequence: [] as number[],
    correlation: [] as number[],
    externalId: [] as number[],
  }
}

function numberOr(value: unknown, key: string, check: FieldChecker): number {
  if (value === undefined) return -1
  if (typeof value === 'number') return value
  // Old traces write these as strings.
  const number = typeof value === 'string' ? Number(value) : Number.NaN
  if (Number.isNaN(number)) check.wrong(key, 'a number', value)
  return number
}
