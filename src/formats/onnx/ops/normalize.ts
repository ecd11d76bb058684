import type { OpContext } from '../context.js'
import { types } from '../dataTypes.js'
import { type Operator, type Operators, perElementMade } from './operator.js'

/** Normalisations and softmax. Operations per element: subtract mean, square, scale and shift, and the sums behind them. */
export const normalize: Operators = {
  BatchNormalization: {
    infer: (c) => {
      c.set(0, c.shape(0), c.type(0))
      for (let i = 1; i < c.outputs.length; i++) c.set(i, c.shape(1), c.type(1))
    },
    // At inference the statistics fold into one multiply and one add.
    cost: perElementMade(2),
  },
  InstanceNormalization: same(7),
  GroupNormalization: same(7),
  LayerNormalization: { infer: withStatistics(2), cost: perElementMade(7) },
  RMSNormalization: { infer: withStatistics(1), cost: perElementMade(4) },
  LpNormalization: same(3),
  MeanVarianceNormalization: same(6),
  LRN: {
    infer: (c) => c.set(0, c.shape(0), c.type(0)),
    cost: (c) => ({ flops: c.made() * (2 * c.int('size', 1) + 3) }),
  },
  // Maximum, subtract, exp, sum, divide.
  Softmax: same(5),
  LogSoftmax: same(6),
  Hardmax: same(2),
  NegativeLogLikelihoodLoss: { infer: (c) => loss(c), cost: (c) => ({ flops: 2 * c.elements(1) }) },
  SoftmaxCrossEntropyLoss: {
    infer: (c) => {
      loss(c)
      c.set(1, c.shape(0), c.type(0))
    },
    cost: (c) => ({ flops: 6 * c.elements(0) }),
  },
}

function same(operations: number): Operator {
  return { infer: (c) => c.set(0, c.shape(0), c.type(0)), cost: perElementMade(operations) }
}

/** Outputs 1 to `count` are per-row statistics in float, the normalised dimensions reduced to 1. */
export function withStatistics(count: number): (c: OpContext) => void {
  return (c) => {
    const shape = c.shape(0)
    const axis = c.axis(c.int('axis', -1), shape.length)
    c.set(0, shape, c.type(0))
    for (let i = 1; i <= count; i++)
      c.set(
        i,
        shape.map((size, d) => (d < axis ? size : 1)),
        c.int('stash_type', types.fp32),
      )
  }
}

function loss(c: OpContext): void {
  const isPerElement = c.text('reduction', 'mean') === 'none'
  c.set(0, isPerElement ? c.shape(1) : [], c.type(0))
}
