/** A torch.dtype: our name, bits of an element, and the arithmetic that it selects on a device. */
export interface DataType {
  readonly name: string
  readonly bits: number
  readonly arithmetic: string
}

const table: Readonly<Record<string, readonly [name: string, bits: number, arithmetic: string]>> = {
  float64: ['fp64', 64, 'fp64'],
  float32: ['fp32', 32, 'fp32'],
  float16: ['fp16', 16, 'fp16'],
  bfloat16: ['bf16', 16, 'bf16'],
  float8_e4m3fn: ['fp8e4m3fn', 8, 'fp8'],
  float8_e4m3fnuz: ['fp8e4m3fnuz', 8, 'fp8'],
  float8_e5m2: ['fp8e5m2', 8, 'fp8'],
  float8_e5m2fnuz: ['fp8e5m2fnuz', 8, 'fp8'],
  float8_e8m0fnu: ['fp8e8m0', 8, 'fp8'],
  float4_e2m1fn_x2: ['fp4e2m1', 8, 'fp8'],
  complex64: ['complex64', 64, 'fp32'],
  complex128: ['complex128', 128, 'fp64'],
  complex32: ['complex32', 32, 'fp16'],
  // Integer vector units run at about the fp32 rate; the matrix units' int8 is chosen by the operator (_int_mm).
  int8: ['int8', 8, 'fp32'],
  uint8: ['uint8', 8, 'fp32'],
  int16: ['int16', 16, 'fp32'],
  uint16: ['uint16', 16, 'fp32'],
  int32: ['int32', 32, 'fp32'],
  uint32: ['uint32', 32, 'fp32'],
  int64: ['int64', 64, 'fp32'],
  uint64: ['uint64', 64, 'fp32'],
  bool: ['bool', 8, 'fp32'],
}

/** By torch's name, with or without "torch."; an unknown type counts as 32 bits under its own name. */
export function dataTypeOf(torchName: string): DataType {
  const name = torchName.replace(/^torch\./, '')
  const [ours, bits, arithmetic] = Object.hasOwn(table, name) ? table[name] : [name, 32, 'fp32']
  return { name: ours, bits, arithmetic }
}
