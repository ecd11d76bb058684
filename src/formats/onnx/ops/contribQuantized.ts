import type { OpContext } from '../context.js'
import { types } from '../dataTypes.js'
import { product } from '../tensor.js'
import { broadcast } from './broadcast.js'
import { matMulCost, matMulShape } from './matrix.js'
import { type Operator, type Operators, perElementMade, perElementRead } from './operator.js'
import { quantisedLstm } from './recurrent.js'
import { windowSizes } from './window.js'

/** ONNX Runtime's operators on scaled integers and on weights packed to a few bits. */
export const contribQuantized: Operators = {
  MatMulNBits: {
    infer: (c) => {
      unpack(c, 1, [c.int('N', 0), c.int('K', 0)], c.int('bits', 4))
      c.set(0, [...c.shape(0).slice(0, -1), c.int('N', 0)], c.type(0))
    },
    cost: (c) => {
      const matrixFlops = 2 * c.made() * c.int('K', 0)
      // Every weight is scaled on the way in.
      return { flops: matrixFlops + 2 * c.int('N', 0) * c.int('K', 0), matrixFlops }
    },
    isFoldable: false,
    quantised: [1],
    settings: [2, 3, 4],
  },
  MatMulBnb4: {
    infer: (c) => {
      unpack(c, 1, [c.int('N', 0), c.int('K', 0)], 4)
      c.set(0, [...c.shape(0).slice(0, -1), c.int('N', 0)], c.type(0))
    },
    cost: (c) => {
      const matrixFlops = 2 * c.made() * c.int('K', 0)
      return { flops: matrixFlops + 2 * c.int('N', 0) * c.int('K', 0), matrixFlops }
    },
    isFoldable: false,
    quantised: [1],
    settings: [2],
  },
  GatherBlockQuantized: {
    infer: (c) => {
      const bits = c.int('bits', 4)
      const data = c.shape(0)
      if (data.length === 0) c.wrong('a table of rank 0')
      const perByte = c.type(0) === types.uint8 ? 8 / bits : 1
      const whole = data.with(-1, data.at(-1)! * perByte)
      if (perByte > 1) unpack(c, 0, whole, bits)
      const axis = c.axis(c.int('gather_axis', 0), whole.length)
      c.set(0, [...whole.slice(0, axis), ...c.shape(1), ...whole.slice(axis + 1)], c.type(2))
    },
    cost: perElementMade(2),
    isFoldable: false,
    quantised: [0],
    settings: [1, 2, 3],
  },
  ...Object.fromEntries(['QLinearAdd', 'QLinearMul'].map((name) => [name, qLinearPair()])),
  ...Object.fromEntries(['QLinearSigmoid', 'QLinearLeakyRelu', 'QLinearSoftmax'].map((name) => [name, qLinearUnary()])),
  QLinearWhere: {
    infer: (c) => {
      const values = broadcast(c.shape(1), c.shape(4))
      const shape = values && broadcast(c.shape(0), values)
      c.set(0, shape ?? c.wrong('the inputs do not broadcast'), c.type(1))
    },
    cost: perElementMade(3),
    settings: [0, 2, 3, 5, 6, 7, 8],
  },
  QLinearReduceMean: {
    infer: (c) => {
      const shape = c.shape(0)
      const axes = new Set((c.ints('axes') ?? shape.map((_, d) => d)).map((a) => c.axis(a, shape.length)))
      const kept = c.int('keepdims', 1) === 1
      c.set(
        0,
        shape.flatMap((size, d) => (!axes.has(d) ? [size] : kept ? [1] : [])),
        c.type(0),
      )
    },
    cost: perElementRead(1),
    settings: [1, 2, 3, 4],
  },
  QLinearAveragePool: {
    infer: (c) => {
      const [batch, ...rest] = c.shape(0)
      const isLast = c.int('channels_last', 0) === 1
      const channels = (isLast ? rest.at(-1) : rest[0]) ?? 0
      const spatial = windowSizes(c, isLast ? rest.slice(0, -1) : rest.slice(1), c.ints('kernel_shape') ?? [])
      c.set(0, isLast ? [batch!, ...spatial, channels] : [batch!, channels, ...spatial], c.type(0))
    },
    cost: (c) => ({ flops: c.made() * product(c.ints('kernel_shape') ?? []) }),
    settings: [1, 2, 3, 4],
  },
  QLinearGlobalAveragePool: {
    infer: (c) => {
      const isLast = c.int('channels_last', 0) === 1
      const shape = c.shape(0)
      c.set(
        0,
        shape.map((size, d) => (d === 0 || d === (isLast ? shape.length - 1 : 1) ? size : 1)),
        c.type(0),
      )
    },
    cost: (c) => ({ flops: c.elements(0) }),
    settings: [1, 3],
  },
  QLinearConcat: {
    // Output scale and zero point, then data, scale and zero point for each part.
    infer: (c) => {
      const parts = Array.from({ length: Math.floor((c.inputs.length - 2) / 3) }, (_, i) => c.shape(2 + 3 * i))
      const [first] = parts
      if (!first?.length) return c.wrong('there is nothing to join')
      const axis = c.axis(c.int('axis', 0), first.length)
      const total = parts.reduce((sum, part) => sum + part[axis]!, 0)
      c.set(0, first.with(axis, total), c.type(2))
    },
  },
  QGemm: {
    infer: (c) => {
      const rows = c.shape(0)[c.int('transA', 0) ? 1 : 0]!
      const columns = c.shape(3)[c.int('transB', 0) ? 0 : 1]!
      c.set(0, [rows, columns], c.has(8) ? c.type(8) : types.fp32)
    },
    cost: (c) => matMulCost(c, [c.shape(0)[c.int('transA', 0) ? 0 : 1]!]),
    isFoldable: false,
    quantised: [3, 6],
    settings: [1, 2, 4, 5, 7, 8],
  },
  DynamicQuantizeLSTM: quantisedLstm,
  DynamicQuantizeMatMul: floatProduct(1, [2, 3]),
  MatMulIntegerToFloat: floatProduct(1, [2, 3, 4, 5]),
}

/** Gives a weight that is packed into bytes its own shape and count; its bytes stay. */
function unpack(c: OpContext, input: number, shape: readonly number[], bits: number): void {
  for (const weight of c.tensor(input).weights) {
    weight.shape = shape
    weight.elementCount = product(shape)
    if (bits === 4) weight.type = types.uint4
  }
}

function qLinearPair(): Operator {
  return {
    infer: (c) => c.set(0, broadcast(c.shape(0), c.shape(3)) ?? c.wrong('the inputs do not broadcast'), c.type(0)),
    cost: perElementMade(3),
    quantised: [0, 3],
    settings: [1, 4, 6],
  }
}

function qLinearUnary(): Operator {
  return { infer: (c) => c.set(0, c.shape(0), c.type(0)), cost: perElementMade(4), settings: [1, 3] }
}

function floatProduct(weight: number, settings: readonly number[]): Operator {
  return {
    infer: (c) => c.set(0, matMulShape(c, c.shape(0), c.shape(weight)), types.fp32),
    cost: (c) => matMulCost(c, c.shape(0)),
    isFoldable: false,
    quantised: [weight],
    settings,
  }
}
