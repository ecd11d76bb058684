import type { OpDescription, OutputDescription } from '../description.js'
import { sharedPath } from '../modules.js'
import type { OpGraph } from '../opGraph.js'

type Seconds = OpDescription['seconds']

/** One op for several that run one after the other in this order: sums, and the outputs that leave. */
export function mergeOps(
  graph: OpGraph,
  members: readonly number[],
  parts: Int32Array,
  name: string,
  secondsOf: (op: OpDescription) => Seconds,
): OpDescription {
  const ops = members.map((op) => graph.ops[op])
  const modules = ops.flatMap(({ module }) => module || [])
  const heaviest = ops.reduce((most, op) =>
    (op.matrixFlops ?? op.flops ?? 0) > (most.matrixFlops ?? most.flops ?? 0) ? op : most,
  )
  const described: Record<keyof OpDescription, unknown> = {
    name,
    type: 'Block',
    module: modules.length > 0 ? sharedPath(modules) : undefined,
    phase: ops[0].phase,
    seconds: sumSeconds(ops.map(secondsOf)),
    flops: sum(ops, 'flops'),
    matrixFlops: sum(ops, 'matrixFlops'),
    bytesAccessed: sum(ops, 'bytesAccessed'),
    dtype: heaviest.dtype,
    parameterBytes: sum(ops, 'parameterBytes'),
    temporaryBytes: bytesInside(graph, members, parts) || undefined,
    colocationGroup: undefined,
    deviceKinds: ops[0].deviceKinds,
    outputs: members.flatMap((op) => leaving(graph, op, parts)),
    unmodelled: ops.find(({ unmodelled }) => unmodelled)?.unmodelled,
  }
  return Object.fromEntries(
    Object.entries(described).filter(([, value]) => value !== undefined),
  ) as unknown as OpDescription
}

function sum(
  ops: readonly OpDescription[],
  key: 'flops' | 'matrixFlops' | 'bytesAccessed' | 'parameterBytes',
): number | undefined {
  const known = ops.flatMap((op) => op[key] ?? [])
  return known.length > 0 ? known.reduce((total, each) => total + each, 0) : undefined
}

/** By the kinds that every member knows; undefined when one has no time at all. */
function sumSeconds(all: readonly Seconds[]): Seconds {
  if (all.includes(undefined)) return undefined
  const forAll = all.reduce<number>((total, each) => total + (typeof each === 'number' ? each : 0), 0)
  const byKind = all.filter((each) => typeof each === 'object')
  if (byKind.length === 0) return forAll
  const kinds = Object.keys(byKind[0]).filter((kind) => byKind.every((each) => Object.hasOwn(each, kind)))
  if (kinds.length === 0) return undefined
  return Object.fromEntries(kinds.map((kind) => [kind, byKind.reduce((total, each) => total + each[kind], forAll)]))
}

/** Outputs read outside the part, or by nobody: those live to the end of the step. */
function leaving(graph: OpGraph, op: number, parts: Int32Array): OutputDescription[] {
  const inside = new Set(
    tensorsOf(graph, op)
      .filter((t) => isInside(graph, t, parts))
      .map((t) => graph.tensorNames[t]),
  )
  return (graph.ops[op].outputs ?? []).filter(({ name }) => !inside.has(name))
}

/**
 * Most bytes alive beside parameters, inputs and outputs while the members run in this order: temporaries, and tensors that stay inside
 * from the start of their op to the end of their last reader (the memory rules of FORMATS). Outputs that leave are held by the block
 * for its whole run, inputs too, so the block never holds less than its members would.
 */
function bytesInside(graph: OpGraph, members: readonly number[], parts: Int32Array): number {
  const positionOf = new Map(members.map((op, position) => [op, position]))
  const freed = members.map(() => 0)
  let alive = 0
  let most = 0
  members.forEach((op, position) => {
    for (const t of tensorsOf(graph, op)) {
      if (!isInside(graph, t, parts)) continue
      alive += graph.tensorBytes[t]
      freed[Math.max(...readersOf(graph, t).map((reader) => positionOf.get(reader)!))] += graph.tensorBytes[t]
    }
    most = Math.max(most, alive + graph.temporaryBytes[op])
    alive -= freed[position]
  })
  return most
}

function tensorsOf({ outputStart, outputTensor }: OpGraph, op: number): number[] {
  return [...outputTensor.subarray(outputStart[op], outputStart[op + 1])]
}

function readersOf({ consumerStart, consumerOp }: OpGraph, t: number): number[] {
  return [...consumerOp.subarray(consumerStart[t], consumerStart[t + 1])]
}

function isInside(graph: OpGraph, t: number, parts: Int32Array): boolean {
  const readers = readersOf(graph, t)
  return readers.length > 0 && readers.every((op) => parts[op] === parts[graph.tensorProducer[t]])
}
