import type { OpContext } from '../context.js'
import { types } from '../dataTypes.js'
import { product } from '../tensor.js'
import type { Cost, Operator, Operators } from './operator.js'
import { windowSizes } from './window.js'

/** Convolutions. Work: 2 operations per multiply-add of every kernel tap, padding included, as fvcore and torch count. */
export const conv: Operators = {
  Conv: convolution(1, { biasInput: 2 }),
  ConvInteger: { ...convolution(1, { type: types.int32 }), quantised: [0, 1], settings: [2, 3] },
  QLinearConv: {
    ...convolution(3, { biasInput: 8, typeInput: 7 }),
    quantised: [0, 3, 8],
    settings: [1, 2, 4, 5, 6, 7],
  },
  DeformConv: { ...convolution(1, { biasInput: 3 }), settings: [2, 4] },
  ConvTranspose: { infer: inferTransposed, cost: transposedCost, isFoldable: false },
  CausalConvWithState: {
    infer: (c) => {
      const [batch, channels] = c.shape(0)
      c.set(0, c.shape(0), c.type(0))
      c.set(1, [batch!, channels!, Math.max(0, c.shape(1).at(-1)! - 1)], c.type(0))
    },
    cost: (c) => withBias(c, 2 * c.made() * c.shape(1).at(-1)!, 2),
    isFoldable: false,
    settings: [3],
  },
  Col2Im: {
    infer: (c) => {
      const image = c.needed(1)
      const channels = c.shape(0)[1]! / product(c.needed(2))
      c.set(0, [c.shape(0)[0]!, channels, ...image], c.type(0))
    },
    cost: (c) => ({ flops: c.elements(0) }),
  },
}

interface Places {
  readonly biasInput?: number
  readonly typeInput?: number
  readonly type?: number
}

export function convolution(weightInput: number, places: Places): Operator {
  return {
    infer: (c) => {
      const x = c.shape(0)
      const w = c.shape(weightInput)
      if (x.length < 3 || w.length !== x.length)
        c.wrong('a convolution takes N x C x spatial data and a kernel of the same rank')
      const group = c.int('group', 1)
      if (x[1] !== w[1]! * group) c.wrong(`${x[1]} channels into a kernel for ${w[1]} x ${group} groups`)
      const spatial = windowSizes(c, x.slice(2), w.slice(2))
      c.set(
        0,
        [x[0]!, w[0]!, ...spatial],
        places.type ?? (places.typeInput === undefined ? c.type(0) : c.type(places.typeInput)),
      )
    },
    cost: (c) => {
      const matrixFlops = 2 * c.made() * product(c.shape(weightInput), 1)
      return withBias(c, matrixFlops, places.biasInput)
    },
    isFoldable: false,
  }
}

function withBias(c: OpContext, matrixFlops: number, biasInput: number | undefined): Cost {
  const hasBias = biasInput !== undefined && c.has(biasInput)
  return { flops: matrixFlops + (hasBias ? c.made() : 0), matrixFlops }
}

function inferTransposed(c: OpContext): void {
  const x = c.shape(0)
  const w = c.shape(1)
  if (x.length < 3 || w.length !== x.length)
    c.wrong('a convolution takes N x C x spatial data and a kernel of the same rank')
  if (x[1] !== w[0]) c.wrong(`${x[1]} channels into a kernel for ${w[0]}`)
  const spatial = x.slice(2)
  const rank = spatial.length
  const strides = c.ints('strides') ?? spatial.map(() => 1)
  const dilations = c.ints('dilations') ?? spatial.map(() => 1)
  const extra = c.ints('output_padding') ?? spatial.map(() => 0)
  const pads = c.ints('pads') ?? new Array<number>(2 * rank).fill(0)
  const stated = c.ints('output_shape')?.slice(-rank)
  const padding = c.text('auto_pad', 'NOTSET')
  const sizes = spatial.map((size, d) => {
    if (stated) return stated[d]!
    if (padding.startsWith('SAME')) return size * strides[d]!
    const kernel = (w[d + 2]! - 1) * dilations[d]! + 1
    const cut = padding === 'VALID' ? 0 : pads[d]! + pads[d + rank]!
    return strides[d]! * (size - 1) + extra[d]! + kernel - cut
  })
  c.set(0, [x[0]!, w[1]! * c.int('group', 1), ...sizes], c.type(0))
}

/** Every input element meets every tap of its group's kernels. */
function transposedCost(c: OpContext): Cost {
  return withBias(c, 2 * c.elements(0) * product(c.shape(1), 1), 2)
}
