import type { OpDescription } from '../graph/index.js'
import { alignSequences, type Pairs } from './alignSequences.js'
import { type CommonModules, commonModules } from './modulePaths.js'
import { opClass } from './opClass.js'
import { largestUnmatched, type Match } from './profileMatch.js'
import { isCall, type Trace, type TraceCall, type TraceOp, withInner } from './trace.js'

/**
 * Finds the op of the graph behind each op of a trace: calls of a module against the graph's ops of that module, as sequences of op classes.
 * An op of the trace that the graph knows only in parts is taken apart. Seconds are the mean over calls. Backward ops go where their forward
 * op went; a graph that has backward ops itself gets their seconds there, aligned the same way.
 */
export function alignTrace(ops: readonly OpDescription[], trace: Trace): Match {
  const modules = commonModules(new Set(ops.map((op) => op.module ?? '')), modulesOf(trace))
  const groups = groupOps(ops, modules)
  const hasBackward = ops.some((op) => op.phase === 'backward')
  const tally = newTally()
  for (const call of trace.calls) {
    for (const { module, sequence } of sequencesOf(call, modules)) {
      const group = groups.get(module) ?? { forward: [], backward: [] }
      const forward = sequence.filter((op) => op.phase === 'forward')
      const owners = alignOps(group.forward, forward, 'forward', module, tally)
      const backward = forward.flatMap((op) => [...withInner(op)]).filter((op) => op.backward.length > 0)
      if (hasBackward)
        alignOps(group.backward, backward.flatMap((op) => op.backward).reverse(), 'backward', module, tally)
      else
        for (const op of backward)
          for (const each of op.backward) tally.add('backward', each, module, isOwned(op, owners))
      for (const op of sequence) if (op.phase !== 'forward') tally.add(op.phase, op, module, false)
    }
  }
  return { ...tally.result(), isDeviceTime: trace.isDeviceTime }
}

interface Group {
  readonly forward: OpDescription[]
  readonly backward: OpDescription[]
}

function groupOps(ops: readonly OpDescription[], modules: CommonModules): ReadonlyMap<string, Group> {
  const groups = new Map<string, Group>()
  for (const op of ops) {
    if (op.phase === 'optimizer') continue
    const module = modules.ofGraph(op.module ?? '')
    const group = groups.get(module) ?? { forward: [], backward: [] }
    groups.set(module, group)
    group[op.phase ?? 'forward'].push(op)
  }
  return groups
}

function modulesOf(trace: Trace): ReadonlySet<string> {
  const modules = new Set<string>()
  const pending = [...trace.calls]
  for (let call = pending.pop(); call; call = pending.pop()) {
    modules.add(call.module)
    for (const item of call.items) if (isCall(item)) pending.push(item)
  }
  return modules
}

interface Sequence {
  readonly module: string
  readonly sequence: TraceOp[]
}

/** The ops of each call of a common module; a module that the graph does not know is part of the one around it. */
function sequencesOf(outer: TraceCall, modules: CommonModules): Sequence[] {
  const first: Sequence = { module: '', sequence: [] }
  const sequences = [first]
  const stack = [{ call: outer, at: 0, into: first }]
  for (let top = stack.at(-1); top; top = stack.at(-1)) {
    const item = top.call.items[top.at++]
    if (item === undefined) stack.pop()
    else if (!isCall(item)) top.into.sequence.push(item)
    else {
      const module = modules.ofTrace(item.module)
      const into = module === undefined ? top.into : { module, sequence: [] }
      if (into !== top.into) sequences.push(into)
      stack.push({ call: item, at: 0, into })
    }
  }
  return sequences
}

type Tally = ReturnType<typeof newTally>

/** Pairs ops of one call with ops of the graph; answers which of the trace's ops were paired. */
function alignOps(
  graph: readonly OpDescription[],
  measured: readonly TraceOp[],
  phase: 'forward' | 'backward',
  module: string,
  tally: Tally,
): ReadonlySet<TraceOp> {
  const classes = graph.map((op) => opClass(op.type))
  const known = new Set(classes)
  const parts = measured.flatMap((op) => takeApart(op, known))
  const pairs = alignSequences(
    classes,
    parts.map((part) => opClass(part.op.type)),
    parts.map((part) => part.seconds),
  )
  const paired = new Map(pairs.map(([left, right]) => [right, left]))
  if (module !== '') fillGaps(pairs, graph.length, parts.length, paired)
  const sums = new Map<string, number>()
  const owners = new Set<TraceOp>()
  parts.forEach(({ op, seconds, whole }, k) => {
    const at = paired.get(k)
    tally.add(phase, { type: op.type, seconds }, module, at !== undefined)
    if (at === undefined) return
    sums.set(graph[at].name, (sums.get(graph[at].name) ?? 0) + seconds)
    owners.add(op)
    for (const outer of whole) owners.add(outer)
  })
  for (const [name, seconds] of sums) tally.measure(name, seconds)
  return owners
}

/** Where one op of the graph alone stands between two pairs, all that ran there was its work: Gelu of ONNX for a dozen of aten's. */
function fillGaps(pairs: Pairs, graphCount: number, partCount: number, paired: Map<number, number>): void {
  let [left, right] = [0, 0]
  for (const [nextLeft, nextRight] of [...pairs, [graphCount, partCount] as const]) {
    if (nextLeft === left + 1) for (let k = right; k < nextRight; k++) paired.set(k, left)
    left = nextLeft + 1
    right = nextRight + 1
  }
}

interface Part {
  readonly op: TraceOp
  readonly seconds: number
  /** Ops taken apart whose own time this part, their longest, carries. */
  readonly whole: readonly TraceOp[]
}

/** The op itself if the graph knows its class, else those of its parts that it knows; nested deeper than this no op of torch is. */
const deepest = 12

function takeApart(op: TraceOp, known: ReadonlySet<string>, depth = 0): Part[] {
  const asWhole: Part[] = [{ op, seconds: op.seconds, whole: [] }]
  if (known.has(opClass(op.type)) || depth === deepest || op.inner.length === 0) return asWhole
  const parts = op.inner.flatMap((inner) => takeApart(inner, known, depth + 1))
  if (!parts.some((part) => known.has(opClass(part.op.type)))) return asWhole
  const own = op.seconds - op.inner.reduce((sum, inner) => sum + inner.seconds, 0)
  const longest = parts.reduce((a, b) => (b.seconds > a.seconds ? b : a))
  return parts.map((part) =>
    part === longest ? { op: part.op, seconds: part.seconds + Math.max(0, own), whole: [...part.whole, op] } : part,
  )
}

/** A forward op is paired, or lies inside one that is, or was taken apart into parts that are. */
function isOwned(op: TraceOp, owners: ReadonlySet<TraceOp>): boolean {
  let at: TraceOp | undefined = op
  for (let depth = 0; at && depth <= 2 * deepest; depth++, at = at.parent) if (owners.has(at)) return true
  return false
}

function newTally() {
  const seconds = { forward: 0, backward: 0, optimizer: 0 }
  const matched = { forward: 0, backward: 0, optimizer: 0 }
  const unmatched = new Map<string, number>()
  const measured = new Map<string, { sum: number; count: number }>()
  return {
    add(phase: keyof typeof seconds, op: Pick<TraceOp, 'type' | 'seconds'>, module: string, isMatched: boolean) {
      seconds[phase] += op.seconds
      if (isMatched) matched[phase] += op.seconds
      else if (phase !== 'optimizer') {
        const what = module ? `${op.type} in ${module}` : op.type
        unmatched.set(what, (unmatched.get(what) ?? 0) + op.seconds)
      }
    },
    measure(op: string, each: number) {
      const found = measured.get(op) ?? { sum: 0, count: 0 }
      measured.set(op, { sum: found.sum + each, count: found.count + 1 })
    },
    result(): Omit<Match, 'isDeviceTime'> {
      const phases = (['forward', 'backward', 'optimizer'] as const).filter((phase) => seconds[phase] > 0)
      return {
        patches: new Map([...measured].map(([op, { sum, count }]) => [op, { seconds: sum / count }])),
        shares: phases.map((of) => ({ of, seconds: seconds[of], matchedFraction: matched[of] / seconds[of] })),
        unmatched: largestUnmatched(unmatched),
      }
    },
  }
}
