/** What an optimizer keeps and does for each element of a parameter. */
export interface Optimizer {
  /** Tensors of its own as large as the parameter, in fp32. */
  readonly states: number
  /** Operations per element of one update, counted from the algorithm in the paper or torch's documentation. */
  readonly flopsPerElement: number
}

/**
 * sgd: w -= lr g. momentum: v = mu v + g (Sutskever et al. 2013, as torch.optim.SGD has it). adam: algorithm 1 of arXiv 1412.6980, two moments.
 * adamw: algorithm 2 of arXiv 1711.05101, with the decay apart. adagrad, rmsprop: one sum of squares (torch.optim, 2.13). lion: one
 * momentum and two interpolations (arXiv 2302.06675, algorithm 2).
 */
export const optimizers = {
  sgd: { states: 0, flopsPerElement: 2 },
  momentum: { states: 1, flopsPerElement: 4 },
  adam: { states: 2, flopsPerElement: 12 },
  adamw: { states: 2, flopsPerElement: 14 },
  adagrad: { states: 1, flopsPerElement: 7 },
  rmsprop: { states: 1, flopsPerElement: 8 },
  lion: { states: 1, flopsPerElement: 10 },
} as const satisfies Readonly<Record<string, Optimizer>>

export type OptimizerName = keyof typeof optimizers
export const optimizerNames = Object.keys(optimizers) as readonly OptimizerName[]

/**
 * Bytes kept beside each element of a parameter of so many bytes. States are fp32; 16-bit parameters also have an fp32 master copy
 * (Micikevicius et al., arXiv 1710.03740), which makes 8 bytes of Adam in fp32 and 12 in bf16 (ZeRO, arXiv 1910.02054, section 3.1).
 */
export function stateBytesPerElement(name: OptimizerName, parameterElementBytes: number): number {
  return 4 * optimizers[name].states + (parameterElementBytes < 4 ? 4 : 0)
}
