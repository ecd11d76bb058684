import type { OpContext } from '../context.js'
import { types } from '../dataTypes.js'
import { product } from '../tensor.js'
import { type Operator, type Operators, perElementRead } from './operator.js'

/** Reductions and scans along axes. */
export const reduce: Operators = {
  ReduceL1: reduction(2),
  ReduceL2: reduction(2),
  ReduceLogSum: reduction(1),
  ReduceLogSumExp: reduction(2),
  ReduceMax: reduction(1, (values) => Math.max(...values)),
  ReduceMean: reduction(1, (values) => values.reduce((a, b) => a + b, 0) / values.length),
  ReduceMin: reduction(1, (values) => Math.min(...values)),
  ReduceProd: reduction(1, product),
  ReduceSum: reduction(1, (values) => values.reduce((a, b) => a + b, 0)),
  ReduceSumSquare: reduction(2),
  ArgMax: arg(),
  ArgMin: arg(),
  CumSum: scan(),
  CumProd: scan(),
  TopK: {
    infer: (c) => {
      const k = c.has(1) ? c.needed(1)[0]! : c.int('k', 1)
      const shape = [...c.shape(0)]
      const axis = c.axis(c.int('axis', -1), shape.length)
      shape[axis] = Math.min(k, shape[axis]!)
      c.set(0, shape, c.type(0))
      c.set(1, shape, types.int64)
    },
    // One comparison per element and level of a heap of k.
    cost: (c) => ({
      flops:
        c.elements(0) *
        Math.max(
          1,
          Math.ceil(Math.log2(1 + (c.made() / Math.max(1, c.elements(0))) * (c.shape(0).at(c.int('axis', -1)) ?? 1))),
        ),
    }),
  },
}

function reduction(operations: number, apply?: (values: readonly number[]) => number): Operator {
  return {
    infer: (c) => {
      const shape = c.shape(0)
      const axes = c.intsOrInput('axes', 1)
      const isNoop = !axes?.length && c.int('noop_with_empty_axes', 0) === 1
      const reduced = new Set((axes?.length ? axes : shape.map((_, d) => d)).map((a) => c.axis(a, shape.length)))
      if (isNoop) reduced.clear()
      const kept = c.int('keepdims', 1) === 1
      const result = shape.flatMap((size, d) => (!reduced.has(d) ? [size] : kept ? [1] : []))
      c.set(0, result, c.type(0), isNoop ? c.values(0) : wholeReduction(c, reduced.size, apply))
    },
    cost: perElementRead(operations),
  }
}

/** A small constant reduced to one number: element counts in shape arithmetic. */
function wholeReduction(
  c: OpContext,
  axes: number,
  apply?: (values: readonly number[]) => number,
): readonly number[] | undefined {
  if (!apply || axes !== c.rank(0) || !c.tensor(0).isConstant) return undefined
  const values = c.values(0)
  return values?.length ? [apply(values)] : undefined
}

function arg(): Operator {
  return {
    infer: (c) => {
      const shape = c.shape(0)
      const axis = c.axis(c.int('axis', 0), shape.length)
      const kept = c.int('keepdims', 1) === 1
      c.set(
        0,
        shape.flatMap((size, d) => (d !== axis ? [size] : kept ? [1] : [])),
        types.int64,
      )
    },
    cost: perElementRead(1),
  }
}

function scan(): Operator {
  return { infer: (c) => c.set(0, c.shape(0), c.type(0)), cost: perElementRead(1) }
}
