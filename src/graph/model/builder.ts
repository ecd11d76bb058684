import type { EdgeDescription, GraphDescription, OpDescription, ParameterDescription } from '../description.js'
import { type ElementType, elementBytes, type ModelDtype } from './dtypes.js'

/** What one op makes and others read. */
export interface Tensor {
  readonly name: string
  readonly shape: readonly number[]
  readonly elements: number
  readonly bytes: number
  readonly dtype: ElementType
  /** The op that makes it. */
  readonly from: string
}

export interface Weight {
  /** Full name: "lm_head.weight". */
  readonly name: string
  readonly shape: readonly number[]
}

export interface Work {
  /** Scalar operations beside the matrix arithmetic. */
  readonly vectorFlops?: number
  /** 2 x multiply-adds. */
  readonly matrixFlops?: number
  /** Where it is not every input, weight and output once. */
  readonly bytesAccessed?: number
  readonly temporaryBytes?: number
}

export interface NewOp extends Work {
  readonly name: string
  readonly type: string
  readonly module: string
  readonly inputs: readonly Tensor[]
  readonly weights?: readonly Weight[]
  /** Shapes, with the graph's own type unless said otherwise. */
  readonly outputs: readonly NewOutput[]
  readonly seconds?: number
}

export interface NewOutput {
  readonly shape: readonly number[]
  readonly dtype?: ElementType
  /** After the op's name and a dot, where it makes several. */
  readonly suffix?: string
}

/** Grows a graph op by op, in the order of execution: bytes, edges and the owners of weights follow from shapes. */
export interface GraphBuilder {
  /** What the activations and weights are stored in. */
  readonly dtype: ModelDtype
  add(op: NewOp): readonly Tensor[]
  finish(name: string): GraphDescription
}

export function graphBuilder(dtype: ModelDtype): GraphBuilder {
  const ops: OpDescription[] = []
  const edges: EdgeDescription[] = []
  const outputBytes = new Map<string, number>()
  const owners = new Map<string, { op: number; parameter: ParameterDescription; readers: string[] }>()
  const bytesOf = (shape: readonly number[], type: ElementType) => product(shape) * elementBytes[type]

  /** Bytes of those weights that the op is the first to use. A later user shares the owner's device (FORMATS: held once). */
  function own(weights: readonly Weight[], op: number, name: string, module: string) {
    let bytes = 0
    let group: string | undefined
    for (const weight of weights) {
      const known = owners.get(weight.name)
      if (known === undefined) {
        bytes += bytesOf(weight.shape, dtype)
        owners.set(weight.name, { op, parameter: { ...weight, dtype, op: name, module }, readers: [name] })
      } else {
        group = weight.name
        known.readers.push(name)
        ops[known.op] = { ...ops[known.op], colocationGroup: group }
      }
    }
    return { bytes, group }
  }

  return {
    dtype,
    add(op) {
      const outputs = op.outputs.map(({ shape, dtype: type = dtype, suffix }) => ({
        name: suffix ? `${op.name}.${suffix}` : op.name,
        shape,
        bytes: bytesOf(shape, type),
        dtype: type,
      }))
      const weights = op.weights ?? []
      const { bytes, group } = own(weights, ops.length, op.name, op.module)
      const touched = sum([...op.inputs, ...outputs], (t) => t.bytes) + sum(weights, (w) => bytesOf(w.shape, dtype))
      ops.push({
        name: op.name,
        type: op.type,
        module: op.module,
        flops: (op.vectorFlops ?? 0) + (op.matrixFlops ?? 0),
        matrixFlops: op.matrixFlops ?? 0,
        bytesAccessed: op.bytesAccessed ?? touched,
        dtype,
        ...(op.seconds !== undefined && { seconds: op.seconds }),
        ...(bytes > 0 && { parameterBytes: bytes }),
        ...(op.temporaryBytes && { temporaryBytes: op.temporaryBytes }),
        ...(group !== undefined && { colocationGroup: group }),
        outputs,
      })
      for (const { name, bytes } of outputs) outputBytes.set(name, bytes)
      for (const [output, from] of new Map(op.inputs.map((input) => [input.name, input.from])))
        edges.push({ from, to: op.name, output, bytes: outputBytes.get(output) })
      return outputs.map((output) => ({ ...output, elements: product(output.shape), from: op.name }))
    },
    finish: (name) => ({
      name,
      ops,
      edges,
      parameters: [...owners.values()].map(({ parameter, readers }) =>
        readers.length > 1 ? { ...parameter, readers: readers.sort() } : parameter,
      ),
    }),
  }
}

/** A part of a tensor, or the same elements in other dimensions: read where it lies. What moves between devices is the whole. */
export function view(tensor: Tensor, shape: readonly number[]): Tensor {
  const elements = product(shape)
  return { ...tensor, shape, elements, bytes: elements * elementBytes[tensor.dtype] }
}

export function product(shape: readonly number[]): number {
  return shape.reduce((all, dim) => all * dim, 1)
}

function sum<T>(list: readonly T[], of: (item: T) => number): number {
  return list.reduce((total, item) => total + of(item), 0)
}
