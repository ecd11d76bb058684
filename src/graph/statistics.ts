import type { OpGraph } from './opGraph.js'

/** Totals of a graph; FLOPs are those of one execution of every op. */
export interface GraphStatistics {
  readonly ops: number
  readonly edges: number
  readonly tensors: number
  readonly parameterBytes: number
  readonly outputBytes: number
  readonly flops: number
  readonly matrixFlops: number
  /** Ops on the longest chain. */
  readonly depth: number
  /** Ops at the fullest depth: how much could ever run at once. */
  readonly width: number
  readonly opsByType: ReadonlyMap<string, number>
  readonly unmodelled: readonly UnmodelledType[]
}

/** An op type that the importer could not cost, and its share of the graph. */
export interface UnmodelledType {
  readonly type: string
  readonly count: number
  readonly why: string
  /** Bytes its outputs hold, over those of the whole graph: what is known of its weight when its FLOPs are not. */
  readonly outputBytesFraction: number
}

/** Counts in one pass over the ops in topological order. */
export function graphStatistics(graph: OpGraph): GraphStatistics {
  const { ops, topologicalOrder, outStart, edgeTo, tensorBytes } = graph
  const depthOf = new Int32Array(ops.length)
  const opsAtDepth: number[] = []
  for (const op of topologicalOrder) {
    opsAtDepth[depthOf[op]] = (opsAtDepth[depthOf[op]] ?? 0) + 1
    for (let e = outStart[op]; e < outStart[op + 1]; e++)
      depthOf[edgeTo[e]] = Math.max(depthOf[edgeTo[e]], depthOf[op] + 1)
  }
  const opsByType = new Map<string, number>()
  for (const op of ops) opsByType.set(op.type, (opsByType.get(op.type) ?? 0) + 1)
  return {
    ops: ops.length,
    edges: edgeTo.length,
    tensors: tensorBytes.length,
    parameterBytes: sum(graph.parameterBytes),
    outputBytes: sum(tensorBytes),
    flops: ops.reduce((total, op) => total + (op.flops ?? 0), 0),
    matrixFlops: ops.reduce((total, op) => total + (op.matrixFlops ?? 0), 0),
    depth: opsAtDepth.length,
    width: opsAtDepth.reduce((most, count) => Math.max(most, count), 0),
    opsByType,
    unmodelled: unmodelledTypes(graph),
  }
}

function unmodelledTypes(graph: OpGraph): UnmodelledType[] {
  const found = new Map<string, { count: number; why: string; bytes: number }>()
  for (const op of graph.ops) {
    if (op.unmodelled === undefined) continue
    const entry = found.get(op.type) ?? { count: 0, why: op.unmodelled, bytes: 0 }
    entry.count++
    for (const output of op.outputs ?? []) entry.bytes += output.bytes
    found.set(op.type, entry)
  }
  const all = sum(graph.tensorBytes)
  return [...found]
    .sort()
    .map(([type, { count, why, bytes }]) => ({ type, count, why, outputBytesFraction: all ? bytes / all : 0 }))
}

function sum(values: Float64Array): number {
  let total = 0
  for (const value of values) total += value
  return total
}
