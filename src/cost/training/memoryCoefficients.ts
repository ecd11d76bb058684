import type { CoefficientSpec } from './coefficients.js'

/** The few measured numbers of a stack's memory, beside its state table. Bytes are per 16-bit training; priors are what closed forms say. */
export const memorySpecs = {
  activationScale: {
    prior: 1,
    spread: 0.25,
    bounds: [0.5, 2.5],
    meaning: 'kept activations of norms, attention and routing over their closed form (arXiv 2205.05198, generalised)',
  },
  mlpScale: { prior: 1, spread: 0.25, bounds: [0.5, 2.5], meaning: 'the same of MLPs and experts' },
  gatheredBytes: {
    prior: 0.5,
    spread: 1,
    bounds: [0.01, 8],
    meaning: 'more bytes a hidden element, token and layer in flight, not divided by tensor parallelism',
  },
  workingBytes: {
    prior: 10,
    spread: 0.7,
    bounds: [0.5, 60],
    meaning: 'bytes a hidden element and token that the running layer needs at once',
  },
  edgeBytes: {
    prior: 4,
    spread: 0.7,
    bounds: [0.1, 40],
    meaning: 'bytes a hidden element and token for each microbatch in flight, whatever the layers',
  },
  logitBytes: { prior: 10, spread: 0.4, bounds: [2, 32], meaning: 'bytes a logit at the loss' },
  fixedBytes: { prior: 5e8, spread: 1, bounds: [1e7, 2e10], meaning: 'workspaces and buffers of every rank' },
  stateScale: { prior: 1, spread: 0.05, bounds: [0.8, 1.3], meaning: "parameters' states over the stack's table" },
} as const satisfies Readonly<Record<string, CoefficientSpec>>

export type MemoryCoefficientName = keyof typeof memorySpecs
export type MemoryCoefficients = Readonly<Record<MemoryCoefficientName, number>>

export const memoryCoefficientNames = Object.keys(memorySpecs) as readonly MemoryCoefficientName[]

export const priorMemory: MemoryCoefficients = Object.fromEntries(
  memoryCoefficientNames.map((name) => [name, memorySpecs[name].prior]),
) as MemoryCoefficients
