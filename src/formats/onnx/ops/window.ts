import type { OpContext } from '../context.js'

/** Spatial sizes of a convolution or pooling (ONNX operator specification of Conv, MaxPool and AveragePool). */
export function windowSizes(c: OpContext, spatial: readonly number[], kernel: readonly number[]): number[] {
  const rank = spatial.length
  if (kernel.length !== rank) c.wrong(`a kernel of ${kernel.length} dimensions over ${rank}`)
  const list = (name: string, otherwise: number, length: number): readonly number[] => {
    const given = c.ints(name)
    if (given && given.length !== length) c.wrong(`${name} has ${given.length} numbers instead of ${length}`)
    return given ?? new Array<number>(length).fill(otherwise)
  }
  const strides = list('strides', 1, rank)
  const dilations = list('dilations', 1, rank)
  const padding = c.text('auto_pad', 'NOTSET')
  const pads = padding === 'VALID' ? new Array<number>(2 * rank).fill(0) : list('pads', 0, 2 * rank)
  const isCeil = c.int('ceil_mode', 0) === 1
  return spatial.map((size, d) => {
    const stride = strides[d]!
    if (stride < 1) c.wrong(`a stride of ${stride}`)
    if (padding.startsWith('SAME')) return Math.ceil(size / stride)
    const extent = (kernel[d]! - 1) * dilations[d]! + 1
    const room = size + pads[d]! + pads[d + rank]! - extent
    let count = (isCeil ? Math.ceil(room / stride) : Math.floor(room / stride)) + 1
    // A last window that starts in the padding after the data does not count.
    if (isCeil && (count - 1) * stride >= size + pads[d]!) count--
    return Math.max(0, count)
  })
}
