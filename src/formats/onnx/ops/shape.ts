import type { OpContext } from '../context.js'
import { types } from '../dataTypes.js'
import { product } from '../tensor.js'
import type { Operator, Operators } from './operator.js'

/** Other looks at the same data, and questions about shapes. */
export const shape: Operators = {
  Shape: {
    infer: (c) => {
      const dims = c.shape(0)
      const from = clampAxis(c.int('start', 0), dims.length)
      const to = clampAxis(c.int('end', dims.length), dims.length)
      const asked = dims.slice(from, Math.max(from, to))
      c.set(0, [asked.length], types.int64, asked)
    },
    isShapeOnly: true,
  },
  Size: { infer: (c) => c.set(0, [], types.int64, [c.elements(0)]), isShapeOnly: true },
  Reshape: view((c) => reshaped(c)),
  Flatten: view((c) => {
    const dims = c.shape(0)
    const axis = c.int('axis', 1)
    const at = axis < 0 ? axis + dims.length : axis
    return [product(dims, 0, at), product(dims, at)]
  }),
  Squeeze: view((c) => {
    const dims = c.shape(0)
    const axes = c.intsOrInput('axes', 1)?.map((a) => c.axis(a, dims.length))
    for (const axis of axes ?? []) if (dims[axis] !== 1) c.wrong(`axis ${axis} of size ${dims[axis]} is not 1`)
    return dims.filter((size, d) => (axes ? !axes.includes(d) : size !== 1))
  }),
  Unsqueeze: view((c) => {
    const dims = c.shape(0)
    const given = c.intsOrInput('axes', 1) ?? []
    const axes = new Set(given.map((a) => c.axis(a, dims.length + given.length)))
    if (axes.size !== given.length) c.wrong(`axes [${given.join(', ')}] repeat`)
    const rest = dims[Symbol.iterator]()
    return Array.from({ length: dims.length + axes.size }, (_, d) => (axes.has(d) ? 1 : (rest.next().value ?? 1)))
  }),
  Identity: view((c) => c.shape(0)),
  Dropout: {
    infer: (c) => {
      c.set(0, c.shape(0), c.type(0))
      c.set(1, c.shape(0), types.bool)
    },
    viewOf: () => 0,
    settings: [1],
  },
  Cast: cast((c) => c.int('to', c.type(0))),
  CastLike: cast((c) => c.type(1)),
  BitCast: view(
    (c) => c.shape(0),
    (c) => c.int('to', c.type(0)),
  ),
}

/** Same bytes, other shape. Values of small constants stay the same. */
function view(result: (c: OpContext) => readonly number[], type = (c: OpContext): number => c.type(0)): Operator {
  return {
    infer: (c) => c.set(0, result(c), type(c), c.tensor(0).isConstant ? c.values(0) : undefined),
    viewOf: () => 0,
  }
}

function cast(type: (c: OpContext) => number): Operator {
  return {
    infer: (c) => {
      const to = type(c)
      const values = c.tensor(0).isConstant ? c.values(0) : undefined
      const isInteger = to === types.int64 || to === types.int32
      c.set(
        0,
        c.shape(0),
        to,
        isInteger ? values?.map(Math.trunc) : to === types.bool ? values?.map((x) => (x ? 1 : 0)) : values,
      )
    },
    cost: (c) => ({ flops: c.made() }),
    viewOf: (c) => (c.type(0) === type(c) ? 0 : undefined),
    settings: [1],
  }
}

function clampAxis(axis: number, rank: number): number {
  return Math.max(0, Math.min(rank, axis < 0 ? axis + rank : axis))
}

/** 0 copies a dimension (unless allowzero), one -1 takes what is left. */
function reshaped(c: OpContext): number[] {
  const from = c.shape(0)
  const wanted = c.intsOrInput('shape', 1)
  if (!wanted) return c.wrong('Reshape without a shape')
  const copies = c.int('allowzero', 0) === 0
  const dims = wanted.map((size, d) => (size === 0 && copies ? (from[d] ?? 0) : size))
  const free = dims.indexOf(-1)
  const total = product(from)
  if (free < 0) {
    if (product(dims) !== total) c.wrong(`${total} elements into [${dims.join(', ')}]`)
    return dims
  }
  dims[free] = 1
  const rest = product(dims)
  if (rest === 0 ? total !== 0 : total % rest !== 0) c.wrong(`${total} elements into [${wanted.join(', ')}]`)
  dims[free] = rest === 0 ? 0 : total / rest
  return dims
}
