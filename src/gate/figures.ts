import type { BudgetName, Figure, PredictedPlan } from './types.js'

/** A figure of a prediction; `whole` is what it is a part of, where a budget may ask for a share. */
export interface FoundFigure {
  readonly figure: Figure
  readonly whole?: number
  readonly place?: string
}

/** How the figure of each budget is read. Plans that do not say give nothing. */
export const figures: Readonly<Record<BudgetName, BudgetFigure>> = {
  stepTime: { of: ({ plan }) => seconds(plan.prediction.stepSeconds) },
  headroom: { changesAsShare: true, of: headroom },
  exposedCommunication: {
    of: ({ plan: { prediction } }) => seconds(prediction.breakdown.exposedCommunication, prediction.stepSeconds),
  },
  bubble: {
    of: ({ plan: { prediction } }) =>
      'bubble' in prediction.breakdown ? seconds(prediction.breakdown.bubble, prediction.stepSeconds) : undefined,
  },
  mfu: {
    changesAsShare: true,
    of: ({ plan: { prediction } }) => ('mfu' in prediction ? share(prediction.mfu) : undefined),
  },
  unmodelled: {
    changesAsShare: true,
    of: ({ plan: { prediction } }) =>
      'unmodelledFlopsFraction' in prediction ? share(prediction.unmodelledFlopsFraction) : undefined,
  },
  price: { of: price },
}

interface BudgetFigure {
  /** A change is told in percentage points. */
  readonly changesAsShare?: true
  of(predicted: PredictedPlan): FoundFigure | undefined
}

function seconds(value: number, whole?: number): FoundFigure | undefined {
  return Number.isFinite(value)
    ? { figure: { value, unit: 'seconds' }, ...(whole !== undefined && { whole }) }
    : undefined
}

function share(value: number): FoundFigure | undefined {
  return Number.isFinite(value) ? { figure: { value, unit: 'share' }, whole: 1 } : undefined
}

/** Of the device, or pipeline rank, with the least share left. */
function headroom({ plan, limitBytes }: PredictedPlan): FoundFigure | undefined {
  const { peakBytes } = plan.prediction
  const left = (place: number) => 1 - peakBytes[place] / limitBytes[place]
  const places = peakBytes.map((_, place) => place).filter((place) => Number.isFinite(left(place)))
  if (places.length === 0 || places.length < peakBytes.length) return undefined
  const tightest = places.reduce((least, place) => (left(place) < left(least) ? place : least))
  return {
    figure: { value: limitBytes[tightest] - peakBytes[tightest], unit: 'bytes' },
    whole: limitBytes[tightest],
    place: `${plan.decisions.mesh ? 'pipeline rank' : 'device'} ${tightest}`,
  }
}

function price({ plan: { prediction } }: PredictedPlan): FoundFigure | undefined {
  if (!('price' in prediction) || !prediction.price) return undefined
  const { perStep, currency } = prediction.price
  return { figure: { value: perStep, unit: 'price', currency } }
}
