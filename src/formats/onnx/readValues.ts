import type { Source } from '../source.js'
import { mostConstantElements } from './decodeTensor.js'
import { product, type Tensor } from './tensor.js'

/** The numbers of a small constant, read from the file on first use; undefined when unknown, external or too many. */
export function readValues(tensor: Tensor, source: Source): readonly number[] | undefined {
  if (tensor.values || !tensor.data || !tensor.shape) return tensor.values
  const count = product(tensor.shape)
  if (!(count <= mostConstantElements)) return undefined
  const { numbers, raw } = tensor.data
  if (numbers) {
    if (numbers.length === count) tensor.values = numbers
  } else if (raw) {
    const read = readers[tensor.type]
    if (read && raw.length === count * read[0]) {
      const bytes = source.read(raw.offset, raw.length)
      const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
      if (bytes.byteLength === raw.length)
        tensor.values = Array.from({ length: count }, (_, i) => read[1](view, i * read[0]))
    }
  }
  return tensor.values
}

/** By TensorProto.DataType: bytes of an element and how to read it (raw_data is little endian). */
const readers: Readonly<Record<number, readonly [bytes: number, read: (view: DataView, at: number) => number]>> = {
  1: [4, (v, at) => v.getFloat32(at, true)],
  2: [1, (v, at) => v.getUint8(at)],
  3: [1, (v, at) => v.getInt8(at)],
  4: [2, (v, at) => v.getUint16(at, true)],
  5: [2, (v, at) => v.getInt16(at, true)],
  6: [4, (v, at) => v.getInt32(at, true)],
  7: [8, (v, at) => v.getInt32(at + 4, true) * 0x1_0000_0000 + v.getUint32(at, true)],
  9: [1, (v, at) => v.getUint8(at)],
  11: [8, (v, at) => v.getFloat64(at, true)],
  12: [4, (v, at) => v.getUint32(at, true)],
  13: [8, (v, at) => v.getUint32(at + 4, true) * 0x1_0000_0000 + v.getUint32(at, true)],
}
