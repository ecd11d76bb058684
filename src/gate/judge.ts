import { type FoundFigure, figures } from './figures.js'
import {
  type Bound,
  type BudgetName,
  type Budgets,
  budgetNames,
  type Change,
  type Figure,
  type PredictedPlan,
  type Verdict,
} from './types.js'

/**
 * One verdict for each limit of each budget that is on. A figure that the plan does not say is `unknown`, never held; a change without
 * a base is `skipped`.
 */
export function judge(budgets: Budgets, head: PredictedPlan, base: PredictedPlan | undefined): Verdict[] {
  return budgetNames.flatMap((name): Verdict[] => {
    const budget = budgets[name]
    if (budget === undefined || budget === 'off' || budget[0] === 'off') return []
    const [level, { message, ...limits }] = budget
    const found = figures[name].of(head)
    const about = { budget: name, level, ...(found?.place && { place: found.place }), ...(message && { message }) }
    const verdicts: Verdict[] = []
    for (const limit of ['max', 'min'] as const)
      if (limits[limit] !== undefined)
        verdicts.push({ ...about, limit, bound: limits[limit], ...againstBound(found, limits[limit], limit) })
    for (const limit of ['maxIncrease', 'maxDecrease'] as const)
      if (limits[limit] !== undefined)
        verdicts.push({
          ...about,
          limit,
          bound: limits[limit],
          ...againstBase(name, found, base, limits[limit], limit),
        })
    return verdicts
  })
}

type Judgement = Pick<Verdict, 'status' | 'head' | 'base'>

/** Sums and quotients of doubles may miss a limit that they meet by their last digits. */
const slack = 1e-12

function againstBound(found: FoundFigure | undefined, bound: Bound | number, limit: 'max' | 'min'): Judgement {
  const head = found && inUnit(found, typeof bound === 'number' ? 'price' : bound.unit)
  if (!head) return { status: 'unknown' }
  const most = typeof bound === 'number' ? bound : bound.value
  const isHeld = limit === 'max' ? head.value <= most * (1 + slack) : head.value >= most * (1 - slack)
  return { status: isHeld ? 'held' : 'broken', head }
}

function againstBase(
  name: BudgetName,
  found: FoundFigure | undefined,
  base: PredictedPlan | undefined,
  change: Change,
  limit: 'maxIncrease' | 'maxDecrease',
): Judgement {
  const comparable = (each: FoundFigure | undefined) =>
    each && inUnit(each, figures[name].changesAsShare ? 'share' : each.figure.unit)
  const head = comparable(found)
  if (!head) return { status: 'unknown' }
  if (!base) return { status: 'skipped', head }
  const old = comparable(figures[name].of(base))
  if (!old || currencyOf(old) !== currencyOf(head)) return { status: 'unknown', head }
  const worse = limit === 'maxIncrease' ? head.value - old.value : old.value - head.value
  const floor = change.seconds ?? change.amount ?? (change.points ?? 0) / 100
  const allowed = Math.max((Math.abs(old.value) * (change.percent ?? 0)) / 100, floor)
  return { status: worse <= allowed + slack * Math.abs(old.value) ? 'held' : 'broken', head, base: old }
}

function currencyOf(figure: Figure): string | undefined {
  return figure.unit === 'price' ? figure.currency : undefined
}

/** The figure as a limit asks for it: itself, or as a share of its whole. */
function inUnit({ figure, whole }: FoundFigure, unit: Figure['unit']): Figure | undefined {
  if (figure.unit === unit) return figure
  return unit === 'share' && whole !== undefined && whole > 0 ? { value: figure.value / whole, unit } : undefined
}
