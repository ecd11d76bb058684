import type { OpContext } from '../context.js'
import { tensorBytes } from '../dataTypes.js'
import { product, type Tensor } from '../tensor.js'

/** What the reader knows of one operator. An operator is one entry in one table of this folder. */
export interface Operator {
  /** Fills the shapes, types and, where cheap, values of the outputs. */
  readonly infer: (c: OpContext) => void
  /** Work of one execution; absent: moves bytes, computes nothing. */
  readonly cost?: (c: OpContext) => Cost
  /** The input that output 0 is only another view of. */
  readonly viewOf?: (c: OpContext) => number | undefined
  /** Computed at import when all inputs are constants. Matrix arithmetic never is, however constant: its work is real. */
  readonly isFoldable?: false
  /** Its outputs are known at import even when its input is not: they tell the input's shape. */
  readonly isShapeOnly?: true
  /** Inputs whose floats are settings (scales, bounds, masks), not weights; 'all' for no weights at all. */
  readonly settings?: readonly number[]
  /** Inputs whose integers are quantised weights when constant. */
  readonly quantised?: readonly number[]
  /** The widest integers that `quantised` means, in bits; absent: 32, a bias. Lookups mean tables of 8 bits, not of indices. */
  readonly quantisedBits?: number
}

export interface Cost {
  readonly flops: number
  /** The part of flops in matrix, convolution, attention and recurrent arithmetic. */
  readonly matrixFlops?: number
  /** Where it is not every input once and every output once. */
  readonly bytesAccessed?: number
}

export type Operators = Readonly<Record<string, Operator>>

/** Bytes of a tensor or sequence, 0 where its shape is unknown. */
export function bytesOf(tensor: Tensor | undefined): number {
  if (tensor?.elements) return tensor.elements.reduce((sum, shape) => sum + tensorBytes(product(shape), tensor.type), 0)
  return tensor?.shape ? tensorBytes(product(tensor.shape), tensor.type) : 0
}

export function bytesMade(c: OpContext): number {
  return c.outputs.reduce((sum, t) => sum + bytesOf(t), 0)
}

/** A cost of so many operations per element of the first output. */
export function perElementMade(operations: number): (c: OpContext) => Cost {
  return (c) => ({ flops: operations * c.made() })
}

/** A cost of so many operations per element of the first input. */
export function perElementRead(operations: number): (c: OpContext) => Cost {
  return (c) => ({ flops: operations * c.elements(0) })
}
