import type { OpContext } from '../context.js'
import { CannotTell } from '../context.js'
import { types } from '../dataTypes.js'
import { mostConstantElements } from '../decodeTensor.js'
import { product } from '../tensor.js'
import { type Operators, perElementMade } from './operator.js'
import { known } from './values.js'

/** Tensors out of nothing: filled, counted, random. `Constant` itself stands in the interpreter, beside the initializers it equals. */
export const constant: Operators = {
  ConstantOfShape: {
    infer: (c) => {
      const dims = c.needed(0)
      const fill = c.attribute('value')?.tensor
      const value = fill ? c.stored(fill)?.[0] : 0
      const count = product(dims)
      c.set(
        0,
        dims,
        fill?.type || types.fp32,
        count >= 0 && count <= mostFilled && value !== undefined ? new Array<number>(count).fill(value) : undefined,
      )
    },
  },
  Range: {
    infer: (c) => {
      const [start, limit, step] = [0, 1, 2].map((i) => c.needed(i)[0])
      if (start === undefined || limit === undefined || !step)
        return c.wrong('Range takes a start, a limit and a step other than 0')
      const count = Math.max(0, Math.ceil((limit - start) / step))
      c.set(
        0,
        [count],
        c.type(0),
        count <= mostFilled ? Array.from({ length: count }, (_, i) => start + i * step) : undefined,
      )
    },
    settings: [0, 1, 2],
  },
  OneHot: {
    infer: (c) => {
      const dims = [...c.shape(0)]
      const at = c.int('axis', -1)
      dims.splice(at < 0 ? at + dims.length + 1 : at, 0, c.needed(1)[0]!)
      c.set(0, dims, c.type(2))
    },
    settings: [1, 2],
  },
  RandomNormal: { infer: (c) => random(c, c.ints('shape') ?? []), cost: perElementMade(1), isFoldable: false },
  RandomUniform: { infer: (c) => random(c, c.ints('shape') ?? []), cost: perElementMade(1), isFoldable: false },
  RandomNormalLike: { infer: (c) => random(c, c.shape(0)), cost: perElementMade(1), isFoldable: false },
  RandomUniformLike: { infer: (c) => random(c, c.shape(0)), cost: perElementMade(1), isFoldable: false },
  Multinomial: {
    infer: (c) => c.set(0, [c.shape(0)[0]!, c.int('sample_size', 1)], c.int('dtype', types.int32)),
    cost: perElementMade(1),
    isFoldable: false,
  },
  HannWindow: { infer: window, cost: perElementMade(2) },
  HammingWindow: { infer: window, cost: perElementMade(2) },
  BlackmanWindow: { infer: window, cost: perElementMade(4) },
  MelWeightMatrix: {
    infer: (c) =>
      c.set(0, [Math.floor(c.needed(1)[0]! / 2) + 1, c.needed(0)[0]!], c.int('output_datatype', types.fp32)),
    cost: perElementMade(1),
    settings: [0, 1, 2, 3, 4],
  },
  NonZero: {
    infer: (c) => {
      const rank = Math.max(1, c.rank(0))
      const values = known(c, 0)
      if (values) return nonZeroValues(c, rank, values)
      c.set(0, [rank, c.elements(0)], types.int64)
      c.estimate(0)
    },
    cost: (c) => ({ flops: c.elements(0) }),
  },
}

const mostFilled = Math.min(4096, mostConstantElements)

function nonZeroValues(c: OpContext, rank: number, values: readonly number[]): void {
  const places = values.flatMap((value, i) => (value ? [i] : []))
  c.set(0, [rank, places.length], types.int64, rank === 1 ? places : undefined)
}

function random(c: OpContext, dims: readonly number[]): void {
  c.set(0, dims, c.int('dtype', c.has(0) ? c.type(0) : types.fp32))
}

function window(c: OpContext): void {
  const size = c.needed(0)[0]
  if (size === undefined) throw new CannotTell('the window has no size')
  c.set(0, [size], c.int('output_datatype', types.fp32))
}
