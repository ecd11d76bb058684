import { fail } from '../../errors/index.js'
import type { CostedOp } from './interpret.js'
import type { TensorData } from './model.js'

/** A tensor while the graph is interpreted: what is known of it so far. */
export interface Tensor {
  readonly name: string
  /** TensorProto.DataType; 0 when unknown. */
  type: number
  shape?: readonly number[]
  /** The numbers themselves, when few and known: shapes, axes, indices. */
  values?: readonly number[]
  /** Where to read `values` on first use. */
  readonly data?: TensorData
  /** The same at every execution: an initializer, or computed from nothing but such. */
  isConstant: boolean
  /** The shape depends on data; what stands here is its upper bound, as is all that follows from it. */
  isEstimated: boolean
  /** The stored weights that a constant is made of. */
  weights: readonly Weight[]
  /** Came out of DequantizeLinear: arithmetic on it may run in this type. */
  quantisedType?: number
  /** The op that makes it; none for initializers. */
  producer?: CostedOp
  /** As `OutputDescription.aliasOf`. */
  aliasOf?: Tensor | null
  /** Of a sequence: its tensors' shapes. */
  elements?: readonly (readonly number[])[]
}

/** A stored tensor that may turn out to be a weight, by what uses it. */
export interface Weight {
  /** Of one with several names, the least. */
  name: string
  /** Shape, type and count are of the numbers themselves, which an op may find packed several to a byte. */
  shape: readonly number[]
  type: number
  elementCount: number
  readonly byteCount: number
  /** Integers are weights when something dequantises or multiplies them as such. */
  isQuantised: boolean
  /** Written as a Constant node, where exporters put masks, states and factors more often than weights. */
  isNode: boolean
}

export const noWeights: readonly Weight[] = []

/** All fields at once and in one order: a hundred thousand of these stay small and alike. */
export function newTensor(name: string, type = 0, shape?: readonly number[], stored: Stored = nothing): Tensor {
  return {
    name,
    type,
    shape,
    values: stored.values,
    data: stored.data,
    isConstant: stored.isConstant ?? false,
    isEstimated: false,
    weights: stored.weights ?? noWeights,
    quantisedType: undefined,
    producer: undefined,
    aliasOf: stored.aliasOf,
    elements: undefined,
  }
}

type Stored = Partial<Pick<Tensor, 'values' | 'data' | 'isConstant' | 'weights' | 'aliasOf'>>
const nothing: Stored = {}

/** Refuses a shape that no machine could hold: a mistake or a hostile file. */
export function checkShape(name: string, shape: readonly number[], where: string): readonly number[] {
  const elements = product(shape)
  if (shape.every((dim) => dim >= 0) && elements <= mostElements) return shape
  return fail('E204', `tensor ${name} has the shape [${shape.join(', ')}]`, {
    where,
    expected: `dimensions from 0 and at most ${mostElements} elements`,
    found: `${elements} elements`,
  })
}

const mostElements = 1e15

export function product(dims: readonly number[], from = 0, to = dims.length): number {
  let total = 1
  for (let i = from; i < to; i++) total *= dims[i]!
  return total
}
