import type { OpContext } from '../context.js'
import { types } from '../dataTypes.js'
import { product } from '../tensor.js'
import { type Cost, type Operator, type Operators, perElementRead } from './operator.js'
import { windowSizes } from './window.js'

/** Pooling and sampling of regions. */
export const pool: Operators = {
  AveragePool: pooling(),
  MaxPool: pooling(),
  LpPool: pooling(),
  GlobalAveragePool: globalPooling(),
  GlobalMaxPool: globalPooling(),
  GlobalLpPool: globalPooling(),
  MaxUnpool: {
    infer: (c) => {
      const x = c.shape(0)
      const pads = c.ints('pads') ?? []
      const strides = c.ints('strides') ?? []
      const kernel = c.ints('kernel_shape') ?? []
      const rank = x.length - 2
      const sizes = x
        .slice(2)
        .map((n, d) => (n - 1) * (strides[d] ?? 1) + kernel[d]! - (pads[d] ?? 0) - (pads[d + rank] ?? 0))
      c.set(0, c.has(2) ? c.needed(2) : [x[0]!, x[1]!, ...sizes], c.type(0))
    },
    cost: perElementRead(1),
  },
  RoiAlign: {
    infer: (c) =>
      c.set(0, [c.shape(1)[0]!, c.shape(0)[1]!, c.int('output_height', 1), c.int('output_width', 1)], c.type(0)),
    // Bilinear: four taps, each a multiply and an add; an adaptive sampling ratio (0) is taken as 2 x 2 points.
    cost: (c) => ({ flops: c.made() * 8 * Math.max(1, c.int('sampling_ratio', 0) || 2) ** 2 }),
  },
  MaxRoiPool: {
    infer: (c) => c.set(0, [c.shape(1)[0]!, c.shape(0)[1]!, ...(c.ints('pooled_shape') ?? [])], c.type(0)),
    cost: perElementRead(1),
  },
  GridSample: {
    infer: (c) => c.set(0, [...c.shape(0).slice(0, 2), ...c.shape(1).slice(1, -1)], c.type(0)),
    // Linear in each spatial dimension: 2^d taps, a multiply and an add each.
    cost: (c) => ({ flops: c.made() * 2 * 2 ** Math.max(1, c.rank(0) - 2) }),
  },
  AffineGrid: {
    infer: (c) => {
      const size = c.needed(1)
      c.set(0, [size[0]!, ...size.slice(2), size.length - 2], c.type(0))
    },
    cost: (c) => ({ flops: c.made() * 2 * (c.shape(0).at(-1) ?? 1) }),
  },
}

function pooling(): Operator {
  return {
    infer: (c) => {
      const x = c.shape(0)
      const kernel = c.ints('kernel_shape')
      if (x.length < 3 || !kernel) return c.wrong('pooling takes N x C x spatial data and a kernel_shape')
      const shape = [x[0]!, x[1]!, ...windowSizes(c, x.slice(2), kernel)]
      c.set(0, shape, c.type(0))
      c.set(1, shape, types.int64)
    },
    cost: (c) => ({ flops: c.made() * product(c.ints('kernel_shape') ?? []) }),
  }
}

function globalPooling(): Operator {
  return {
    infer: (c: OpContext): void =>
      c.set(
        0,
        c.shape(0).map((size, d) => (d < 2 ? size : 1)),
        c.type(0),
      ),
    cost: (c: OpContext): Cost => perElementRead(1)(c),
  }
}
