import type { CoefficientSpec } from './coefficients.js'

/**
 * What is known of a prediction beforehand and tells how far off it may be. Named like the numbers that weigh it; all are at least 0, `base` is 1.
 */
export const spreadSpecs = {
  base: { prior: 0.5, spread: 0.7, bounds: [0.05, 5], meaning: 'of every run' },
  bubble: {
    prior: 0.5,
    spread: 1,
    bounds: [0.001, 20],
    meaning: 'times the share of the step that waits in the pipeline',
  },
  communication: {
    prior: 0.5,
    spread: 1,
    bounds: [0.001, 20],
    meaning: 'times the share of the step that is exposed communication',
  },
  hosts: { prior: 0.05, spread: 1, bounds: [0.0001, 2], meaning: 'for each doubling of hosts' },
  tensorOverHosts: {
    prior: 0.2,
    spread: 1,
    bounds: [0.001, 10],
    meaning: 'where a tensor-parallel group spans domains',
  },
  congested: { prior: 0.2, spread: 1, bounds: [0.001, 10], meaning: 'in the congested regime of a stack that has one' },
  fullMemory: {
    prior: 2,
    spread: 1,
    bounds: [0.01, 100],
    meaning: 'times the share of memory in use beyond three quarters',
  },
  fewMicrobatches: {
    prior: 0.1,
    spread: 1,
    bounds: [0.001, 10],
    meaning: 'where two microbatches at most share an exchange of gradients',
  },
  experts: { prior: 0.3, spread: 1, bounds: [0.001, 10], meaning: 'of models with experts' },
} as const satisfies Readonly<Record<string, CoefficientSpec>>

export type SpreadName = keyof typeof spreadSpecs
/** How wide the interval of a run is, next to that of a typical one of its calibration. */
export type SpreadWeights = Readonly<Record<SpreadName, number>>
export type Difficulty = Readonly<Record<SpreadName, number>>

export const spreadNames = Object.keys(spreadSpecs) as readonly SpreadName[]

/** The spread of a prediction: a weighted sum. */
export function spreadOf(weights: SpreadWeights, difficulty: Difficulty): number {
  return spreadNames.reduce((sum, name) => sum + weights[name] * difficulty[name], 0)
}
