import type { PredictedPlan } from '../../src/gate/index.js'
import { hashOf, type Plan, type RunPlan } from '../../src/plan/index.js'

const provenance = (model: string): Plan['provenance'] => ({
  tool: 'stowage 0.1.0',
  inputs: {
    model: { name: 'm.json', sha256: hashOf(model) },
    cluster: { name: 'h100x2', sha256: hashOf('cluster') },
    calibration: { name: 'data sheets', sha256: hashOf('sheets') },
    options: { strategy: 'placement', placer: 'etf' },
  },
})

export interface Figures {
  readonly stepSeconds?: number
  readonly exposedCommunication?: number
  readonly peakBytes?: readonly number[]
  readonly unmodelled?: number
  readonly placement?: Readonly<Record<string, number>>
  readonly model?: string
  readonly fits?: boolean
}

/** A plan of an operator graph with just these figures; each device may hold 100 bytes. */
export function graphPlan(figures: Figures = {}): PredictedPlan {
  const { stepSeconds = 1, exposedCommunication = 0.1, peakBytes = [50, 60], unmodelled = 0.01 } = figures
  const decisions = { placement: figures.placement ?? { a: 0, b: 1 } }
  const plan: Plan = {
    kind: 'stowage.plan',
    schemaVersion: '1.0',
    name: 'graph',
    provenance: provenance(figures.model ?? 'model'),
    decisions,
    prediction: {
      stepSeconds,
      lowerBoundSeconds: 0,
      peakBytes,
      fits: figures.fits ?? true,
      breakdown: { compute: stepSeconds - exposedCommunication, exposedCommunication, other: 0 },
      unmodelledFlopsFraction: unmodelled,
      computeSeconds: peakBytes.map(() => stepSeconds),
    },
    planHash: hashOf(decisions),
  }
  return { plan, limitBytes: peakBytes.map(() => 100) }
}

/** A plan of a training run. */
export function runPlan(
  figures: {
    readonly mfu?: number
    readonly bubble?: number
    readonly price?: number
    readonly currency?: string
  } = {},
): PredictedPlan {
  const { mfu = 0.4, bubble = 0.2, price, currency = 'EUR' } = figures
  const decisions = { mesh: { axes: ['pp', 'tp'], shape: [2, 4] } }
  const plan: RunPlan = {
    kind: 'stowage.plan',
    schemaVersion: '1.0',
    name: 'run',
    provenance: provenance('run'),
    decisions,
    prediction: {
      stepSeconds: 2,
      stepSecondsInterval: [1.8, 2.2],
      peakBytes: [40, 30],
      memoryLimitBytes: 50,
      fits: true,
      breakdown: { compute: 1.5, exposedCommunication: 0.2, bubble, optimizer: 0.05, other: 0.05 },
      mfu,
      changesConvergence: false,
      ...(price !== undefined && { price: { perStep: price, currency, asOf: '2026-01-01', source: 'a list' } }),
    },
    planHash: hashOf(decisions),
  }
  return { plan, limitBytes: [50, 50] }
}
