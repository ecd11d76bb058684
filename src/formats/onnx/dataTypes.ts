/** TensorProto.DataType (onnx.proto): our name and the bits of one element. Sub-byte elements are packed. */
export interface DataType {
  readonly name: string
  readonly bits: number
  readonly kind: 'float' | 'integer' | 'other'
}

const table: Readonly<Record<number, DataType>> = {
  1: { name: 'fp32', bits: 32, kind: 'float' },
  2: { name: 'uint8', bits: 8, kind: 'integer' },
  3: { name: 'int8', bits: 8, kind: 'integer' },
  4: { name: 'uint16', bits: 16, kind: 'integer' },
  5: { name: 'int16', bits: 16, kind: 'integer' },
  6: { name: 'int32', bits: 32, kind: 'integer' },
  7: { name: 'int64', bits: 64, kind: 'integer' },
  // A string's bytes are not in the graph; 16 is a short std::string.
  8: { name: 'string', bits: 128, kind: 'other' },
  9: { name: 'bool', bits: 8, kind: 'other' },
  10: { name: 'fp16', bits: 16, kind: 'float' },
  11: { name: 'fp64', bits: 64, kind: 'float' },
  12: { name: 'uint32', bits: 32, kind: 'integer' },
  13: { name: 'uint64', bits: 64, kind: 'integer' },
  14: { name: 'complex64', bits: 64, kind: 'float' },
  15: { name: 'complex128', bits: 128, kind: 'float' },
  16: { name: 'bf16', bits: 16, kind: 'float' },
  17: { name: 'fp8e4m3fn', bits: 8, kind: 'float' },
  18: { name: 'fp8e4m3fnuz', bits: 8, kind: 'float' },
  19: { name: 'fp8e5m2', bits: 8, kind: 'float' },
  20: { name: 'fp8e5m2fnuz', bits: 8, kind: 'float' },
  21: { name: 'uint4', bits: 4, kind: 'integer' },
  22: { name: 'int4', bits: 4, kind: 'integer' },
  23: { name: 'fp4e2m1', bits: 4, kind: 'float' },
  24: { name: 'fp8e8m0', bits: 8, kind: 'float' },
  25: { name: 'uint2', bits: 2, kind: 'integer' },
  26: { name: 'int2', bits: 2, kind: 'integer' },
}

export const types = {
  fp32: 1,
  uint8: 2,
  int8: 3,
  int32: 6,
  int64: 7,
  string: 8,
  bool: 9,
  fp16: 10,
  fp64: 11,
  bf16: 16,
  uint4: 21,
} as const

const unknown: DataType = { name: 'unknown', bits: 32, kind: 'other' }

export function dataType(code: number): DataType {
  return table[code] ?? unknown
}

export function tensorBytes(elements: number, code: number): number {
  return Math.ceil((elements * dataType(code).bits) / 8)
}

/** The arithmetic that selects a device's peak rate (`OpDescription.dtype`). Integer vector units run at about the fp32 rate. */
export function arithmeticName(code: number): string {
  const { name, bits } = dataType(code)
  if (name.startsWith('fp8') || name.startsWith('fp4')) return 'fp8'
  if (name.startsWith('complex')) return bits === 64 ? 'fp32' : 'fp64'
  return dataType(code).kind === 'float' ? name : 'fp32'
}
