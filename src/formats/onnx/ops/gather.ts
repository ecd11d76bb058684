import type { OpContext } from '../context.js'
import { types } from '../dataTypes.js'
import { product } from '../tensor.js'
import { bytesMade, bytesOf, type Operator, type Operators } from './operator.js'
import { known, mostFollowed } from './values.js'

/** Reads and writes by index. Bytes are those touched, not the whole table. */
export const gather: Operators = {
  Gather: {
    infer: inferGather,
    cost: gatherCost,
    settings: [1],
    quantised: [0],
    quantisedBits: 8,
  },
  GatherElements: { infer: (c) => c.set(0, c.shape(1), c.type(0)), cost: gatherCost, settings: [1] },
  GatherND: {
    infer: (c) => {
      const data = c.shape(0)
      const indices = c.shape(1)
      const batch = c.int('batch_dims', 0)
      c.set(0, [...indices.slice(0, -1), ...data.slice(batch + indices.at(-1)!)], c.type(0))
    },
    cost: gatherCost,
    settings: [1],
  },
  ...Object.fromEntries(['Scatter', 'ScatterElements', 'ScatterND', 'TensorScatter'].map((name) => [name, scatter()])),
  Compress: {
    infer: (c) => {
      const dims = c.shape(0)
      const axis = c.attribute('axis')?.int
      const kept = known(c, 1)?.filter(Boolean).length
      const most: number = kept ?? c.elements(1)
      c.set(
        0,
        axis === undefined ? [most] : dims.map((size, d) => (d === c.axis(axis, dims.length) ? most : size)),
        c.type(0),
      )
      if (kept === undefined) c.estimate(0)
    },
  },
  Unique: {
    infer: (c) => {
      const dims = c.shape(0)
      const axis = c.attribute('axis')?.int
      const length = axis === undefined ? c.elements(0) : dims[c.axis(axis, dims.length)]!
      c.set(0, axis === undefined ? [length] : dims, c.type(0))
      for (const i of [1, 2, 3]) c.set(i, [length], types.int64)
      for (const i of [0, 1, 3]) c.estimate(i)
    },
    cost: (c) => ({ flops: c.elements(0) * Math.max(1, Math.ceil(Math.log2(Math.max(2, c.elements(0))))) }),
  },
  NonMaxSuppression: {
    infer: (c) => {
      const [batch, boxes] = c.shape(0)
      const classes = c.shape(1)[1]!
      const perClass = c.has(2) ? (c.values(2)?.[0] ?? boxes!) : 0
      c.set(0, [batch! * classes * Math.min(perClass, boxes!), 3], types.int64)
      c.estimate(0)
    },
    // Every box against every other of its class, a dozen operations for an intersection over union.
    cost: (c) => ({ flops: 12 * c.elements(1) * (c.shape(0)[1] ?? 0) }),
    settings: [2, 3, 4],
  },
}

function gatherCost(c: OpContext): { flops: number; bytesAccessed: number } {
  return { flops: 0, bytesAccessed: 2 * bytesMade(c) + bytesOf(c.inputs[1]) }
}

function inferGather(c: OpContext): void {
  const data = c.shape(0)
  const indices = c.shape(1)
  const axis = c.axis(c.int('axis', 0), data.length)
  if (data.length === 0) c.wrong('Gather from a scalar')
  const dims = [...data.slice(0, axis), ...indices, ...data.slice(axis + 1)]
  c.set(0, dims, c.type(0), gathered(c, data, axis))
}

/** Rows of a small constant; exporters pick dimensions out of shapes so. */
function gathered(c: OpContext, data: readonly number[], axis: number): readonly number[] | undefined {
  const row = product(data, 1)
  if (axis !== 0 || !(c.elements(1) * row <= mostFollowed) || !(product(data) <= mostFollowed)) return undefined
  const values = known(c, 0)
  if (!values) return undefined
  return known(c, 1)?.flatMap((i) => {
    const from = i < 0 ? i + data[0]! : i
    if (!(from >= 0 && from < data[0]!)) c.wrong(`index ${i} into ${data[0]} elements`)
    return values.slice(from * row, (from + 1) * row)
  })
}

function scatter(): Operator {
  return {
    infer: (c) => c.set(0, c.shape(0), c.type(0), scattered(c)),
    // The data is copied once; the updates are read and written, their indices read.
    cost: (c) => ({
      flops: c.text('reduction', 'none') === 'none' ? 0 : c.elements(2),
      bytesAccessed: 2 * bytesMade(c) + 2 * bytesOf(c.inputs[2] ?? c.inputs[1]) + bytesOf(c.inputs[1]),
    }),
    // A constant that is written into is a buffer.
    settings: [0, 1],
  }
}

/** Entries of a small constant vector replaced: exporters edit shapes so. */
function scattered(c: OpContext): readonly number[] | undefined {
  if (c.node.type === 'TensorScatter' || c.rank(0) !== 1 || c.text('reduction', 'none') !== 'none') return undefined
  const data = known(c, 0)
  const at = known(c, 1)
  const updates = known(c, 2)
  if (!data || !at || !updates || at.length !== updates.length) return undefined
  const result = [...data]
  at.forEach((i, n) => {
    result[i < 0 ? i + data.length : i] = updates[n]!
  })
  return result.length === data.length ? result : undefined
}
