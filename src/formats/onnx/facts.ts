import type { GraphDescription } from '../../graph/description.js'
import { dataType } from './dataTypes.js'
import { type Bindings, dimensionSymbols } from './dimensions.js'
import type { CostedOp } from './interpret.js'
import type { Dimension, Model, ValueInfo } from './model.js'
import { compare } from './names.js'
import type { Weight } from './tensor.js'

/** What `inspect` tells of the file beyond its graph. */
export interface OnnxFacts {
  readonly irVersion: number
  readonly producer: string
  /** Operator set version by domain; ai.onnx by its full name. */
  readonly opsets: Readonly<Record<string, number>>
  /** Elements of weights (FORMATS, `parameters`). */
  readonly parameters: number
  readonly parameterBytes: number
  readonly flops: number
  readonly matrixFlops: number
  /** Symbols in the shapes of inputs, with their bound number. */
  readonly symbols: Readonly<Record<string, number | null>>
  readonly inputs: readonly TensorFact[]
  readonly outputs: readonly TensorFact[]
  readonly functions: number
}

export interface TensorFact {
  readonly name: string
  readonly shape: readonly Dimension[] | null
  readonly dtype: string
}

/** Ops of one type that could not be costed fully for one reason, and how much of the graph they are. */
export interface UnmodelledOps {
  readonly type: string
  readonly why: string
  readonly count: number
  readonly opsFraction: number
  readonly bytesFraction: number
}

export function onnxFacts(
  model: Model,
  description: GraphDescription,
  ops: readonly CostedOp[],
  bind: Bindings,
): OnnxFacts {
  const weights = new Set<Weight>(ops.flatMap((op) => op.weights))
  const filled = new Set(model.graph.initializers.map((t) => t.name))
  const inputs = model.graph.inputs.filter((input) => !filled.has(input.name))
  const symbols = new Set(
    inputs.flatMap((input) => input.dims?.flatMap((dim, d) => [...dimensionSymbols(dim, `${input.name}.${d}`)]) ?? []),
  )
  const total = (of: (op: { flops?: number; matrixFlops?: number }) => number | undefined): number =>
    description.ops.reduce((sum, op) => sum + (of(op) ?? 0), 0)
  return {
    irVersion: model.irVersion,
    producer: model.producer,
    opsets: Object.fromEntries([...model.opsets].map(([domain, version]) => [domain || 'ai.onnx', version])),
    parameters: [...weights].reduce((sum, w) => sum + w.elementCount, 0),
    parameterBytes: [...weights].reduce((sum, w) => sum + w.byteCount, 0),
    flops: total((op) => op.flops),
    matrixFlops: total((op) => op.matrixFlops),
    symbols: Object.fromEntries([...symbols].sort(compare).map((name) => [name, bind.get(name) ?? null])),
    inputs: inputs.map(tensorFact),
    outputs: model.graph.outputs.map(tensorFact),
    functions: model.functions.size,
  }
}

function tensorFact(info: ValueInfo): TensorFact {
  return { name: info.name, shape: info.dims ?? null, dtype: dataType(info.type).name }
}

export function summariseUnmodelled(ops: readonly CostedOp[]): readonly UnmodelledOps[] {
  const groups = new Map<string, { type: string; why: string; count: number; bytes: number }>()
  for (const op of ops.flatMap((o) => (o.unmodelled && !o.inside?.length ? [o] : (o.inside ?? [])))) {
    const key = `${op.type}\n${op.unmodelled}`
    const group = groups.get(key) ?? { type: op.type, why: op.unmodelled ?? '', count: 0, bytes: 0 }
    group.count++
    group.bytes += op.bytesAccessed
    groups.set(key, group)
  }
  const allBytes = ops.reduce((sum, op) => sum + op.bytesAccessed, 0)
  return [...groups.values()]
    .sort((a, b) => compare(a.type, b.type) || compare(a.why, b.why))
    .map(({ type, why, count, bytes }) => ({
      type,
      why,
      count,
      opsFraction: count / Math.max(1, ops.length),
      bytesFraction: allBytes > 0 ? Math.min(1, bytes / allBytes) : 0,
    }))
}
