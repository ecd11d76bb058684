/** Bytes of one element of the types that weights and activations come in; tf32 and mixed formats are stored as what they stand for. */
export const elementBytes = {
  fp64: 8,
  fp32: 4,
  bf16: 2,
  fp16: 2,
  fp8: 1,
  int64: 8,
  bool: 1,
} as const

export type ElementType = keyof typeof elementBytes

/** Types that a model can be computed in. */
export type ModelDtype = Exclude<ElementType, 'int64' | 'bool'>
