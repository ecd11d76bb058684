import type { OpContext } from '../context.js'
import { types } from '../dataTypes.js'
import { broadcast } from './broadcast.js'
import { constant } from './constant.js'
import { contribAttention } from './contribAttention.js'
import { contribQuantized } from './contribQuantized.js'
import { conv } from './conv.js'
import { each, unary } from './elementwise.js'
import { gather } from './gather.js'
import { layout } from './layout.js'
import { matMulCost, matMulShape, matrix } from './matrix.js'
import { normalize } from './normalize.js'
import { type Operator, type Operators, perElementMade } from './operator.js'
import { parts } from './parts.js'
import { quantize } from './quantize.js'

/** ONNX Runtime's fused operators (docs/ContribOperators.md of microsoft/onnxruntime): what its optimizer and its builder write. */
export const contrib: Operators = {
  ...inDomain({
    ...each(unary(4), 'Gelu QuickGelu'),
    ...each(biased(5), 'BiasGelu FastGelu'),
    BiasSoftmax: biased(6),
    BiasDropout: biased(1),
    BiasAdd: biased(1),
    FusedMatMul: turnedProduct(),
    TransposeMatMul: turnedProduct(),
    FusedGemm: matrix.Gemm!,
    FusedConv: conv.Conv!,
    // Older and wider forms of standard operators.
    DequantizeLinear: quantize.DequantizeLinear!,
    GatherND: gather.GatherND!,
    MatMulInteger16: matrix.MatMulInteger!,
    Pad: parts.Pad!,
    QuantizeLinear: quantize.QuantizeLinear!,
    Range: constant.Range!,
    Trilu: layout.Trilu!,
    SkipLayerNormalization: skipNormalization(8),
    SkipSimplifiedLayerNormalization: skipNormalization(5),
    EmbedLayerNormalization: {
      infer: (c) => {
        const shape = [...c.shape(0), c.shape(2).at(-1)!]
        c.set(0, shape, c.type(2))
        c.set(1, c.shape(0).slice(0, 1), types.int32)
        c.set(2, shape, c.type(2))
      },
      cost: perElementMade(9),
      isFoldable: false,
    },
    Inverse: {
      infer: (c) => c.set(0, c.shape(0), c.type(0)),
      // Gauss-Jordan: 2 n^3 operations a matrix.
      cost: (c) => ({ flops: 2 * c.made() * (c.shape(0).at(-1) ?? 1) }),
    },
    ...contribAttention,
    ...contribQuantized,
  }),
  // ONNX Runtime writes this one into the standard domain, before RMSNormalization existed.
  SimplifiedLayerNormalization: normalize.RMSNormalization!,
}

function inDomain(operators: Operators): Operators {
  return Object.fromEntries(Object.entries(operators).map(([name, operator]) => [`com.microsoft.${name}`, operator]))
}

function biased(operations: number): Operator {
  return {
    infer: (c) => {
      const shape = c.has(1) ? broadcast(c.shape(0), c.shape(1)) : c.shape(0)
      c.set(0, shape ?? c.wrong('input and bias do not broadcast'), c.type(0))
    },
    cost: perElementMade(operations),
  }
}

function turnedProduct(): Operator {
  return {
    infer: (c) => c.set(0, matMulShape(c, turned(c, 0, 'A'), turned(c, 1, 'B')), c.type(0)),
    cost: (c) => matMulCost(c, turned(c, 0, 'A')),
    isFoldable: false,
  }
}

/** An operand of FusedMatMul as the product sees it: transBatch moves the first dimension before the last, then trans swaps the last two. */
function turned(c: OpContext, input: number, letter: 'A' | 'B'): readonly number[] {
  let shape = c.shape(input)
  if (shape.length < 2) return shape
  if (c.int(`transBatch${letter}`, 0)) shape = [...shape.slice(1, -1), shape[0]!, shape.at(-1)!]
  return c.int(`trans${letter}`, 0) ? [...shape.slice(0, -2), shape.at(-1)!, shape.at(-2)!] : shape
}

function skipNormalization(operations: number): Operator {
  return {
    infer: (c) => {
      const shape = c.shape(0)
      const statistics = [...shape.slice(0, -1), 1]
      c.set(0, shape, c.type(0))
      c.set(1, statistics, types.fp32)
      c.set(2, statistics, types.fp32)
      c.set(3, shape, c.type(0))
    },
    cost: perElementMade(operations),
  }
}
