import type { Source } from './source.js'

/** Wire type of each field of ModelProto (onnx.proto, IR version 13): 0 varint, 2 length-delimited. */
const modelFields = new Map([
  [1, 0],
  [2, 2],
  [3, 2],
  [4, 2],
  [5, 0],
  [6, 2],
  [7, 2],
  [8, 2],
  [14, 2],
  [20, 2],
  [25, 2],
  [26, 2],
])
const graphField = 7

/** More fields than this before the graph is no model that anybody writes. */
const mostFields = 10_000

/** Whether the file's outermost protobuf fields are those of an ONNX model, up to its graph; steps over their contents. */
export function looksLikeOnnx(source: Source): boolean {
  let offset = 0
  for (let fields = 0; fields < mostFields && offset < source.size; fields++) {
    const key = varint(source, offset)
    if (!key) return false
    const field = Math.floor(key.value / 8)
    if (modelFields.get(field) !== key.value % 8) return false
    if (field === graphField) return true
    const value = varint(source, key.end)
    if (!value) return false
    offset = key.value % 8 === 2 ? value.end + value.value : value.end
  }
  return false
}

function varint(source: Source, offset: number): { readonly value: number; readonly end: number } | undefined {
  const bytes = source.read(offset, 10)
  let value = 0
  for (const [i, byte] of bytes.entries()) {
    value += (byte & 0x7f) * 2 ** (7 * i)
    if (byte < 0x80) return { value, end: offset + i + 1 }
  }
  return undefined
}
