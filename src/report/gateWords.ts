import { budgetLabels, type ChangeView, type FigureView, type PlanView, type VerdictView } from './gateView.js'
import { formatBytes, formatPercent, formatSeconds } from './units.js'

/** A verdict in four pieces, for columns. */
export interface VerdictWords {
  readonly what: string
  readonly found: string
  readonly limit: string
  readonly detail: string
}

export function verdictWords(verdict: VerdictView): VerdictWords {
  const { budget, limit, bound } = verdict
  const what = budgetLabels[budget]
  const isChange = limit === 'maxIncrease' || limit === 'maxDecrease'
  const words = isChange ? changeWords(verdict, bound as ChangeView) : boundWords(verdict, bound as FigureView | number)
  if (verdict.status !== 'unknown') return { what, ...words }
  return { what, found: 'not known', limit: words.limit, detail: unknownDetail(verdict) }
}

/** In one sentence: step time +8.1 %, limit +3 % and +20.00 ms (1.930 s -> 2.087 s). */
export function verdictSentence(verdict: VerdictView): string {
  const { what, found, limit, detail } = verdictWords(verdict)
  return `${what} ${found}, ${limit}${detail ? ` (${detail})` : ''}${verdict.message ? `: ${verdict.message}` : ''}`
}

/** Known or not: what is not known must not pass. */
export function isBroken({ status }: VerdictView): boolean {
  return status === 'broken' || status === 'unknown'
}

/** A plan whose base is the same plan with the same figures. */
export function isUnchanged({ base, diff }: PlanView): boolean {
  return base === 'compared' && (diff === undefined || diff.same)
}

/** A change of a step, by which a person judges a plan that passed. */
export function stepWords({ stepSeconds }: PlanView): string {
  if (!stepSeconds) return ''
  const { head, base } = stepSeconds
  if (base === undefined || base === head) return `step time ${formatSeconds(head)}`
  return `step time ${formatSeconds(head)} (${signedPercent(head, base)})`
}

function boundWords({ head, limit, place }: VerdictView, bound: FigureView | number): Omit<VerdictWords, 'what'> {
  const value = typeof bound === 'number' ? bound : bound.value
  const shown = (amount: number) => quantity(amount, head ?? (typeof bound === 'number' ? undefined : bound))
  const miss = head ? Math.abs(head.value - value) : 0
  const isOver = head !== undefined && (limit === 'max' ? head.value > value : head.value < value)
  const side = limit === 'max' ? 'over' : 'under'
  return {
    found: head ? shown(head.value) : '',
    limit: `limit ${limit === 'min' ? 'at least ' : ''}${shown(value)}`,
    detail: [...(isOver ? [`${side} by ${shown(miss)}`] : []), ...(place ? [place] : [])].join(', '),
  }
}

function changeWords({ head, base, limit }: VerdictView, change: ChangeView): Omit<VerdictWords, 'what'> {
  const sign = limit === 'maxIncrease' ? '+' : '-'
  const parts = [
    change.percent === undefined ? undefined : `${sign}${change.percent} %`,
    change.seconds && `${sign}${formatSeconds(change.seconds)}`,
    change.points && `${sign}${change.points} points`,
    change.amount && `${sign}${change.amount}`,
  ].filter(Boolean)
  const asPoints = head?.unit === 'share' && base !== undefined
  return {
    found:
      head && base ? (asPoints ? signedPoints(head.value, base.value) : signedPercent(head.value, base.value)) : '',
    limit: `limit ${parts.join(' and ')}`,
    detail: head && base ? `${quantity(base.value, base)} -> ${quantity(head.value, head)}` : '',
  }
}

function unknownDetail({ head, budget }: VerdictView): string {
  if (head) return 'the base does not say it'
  const how = `"${budget}": "off" for this plan if it need not be known`
  return `the plan does not say it; ${how}`
}

function quantity(value: number, like: Pick<FigureView, 'unit'> | undefined): string {
  switch (like?.unit) {
    case 'seconds':
      return formatSeconds(value)
    case 'bytes':
      return formatBytes(value)
    case 'share':
      return formatPercent(value)
    default:
      return `${Number(value.toPrecision(4))}${like && 'currency' in like ? ` ${String(like.currency)}` : ''}`
  }
}

function signedPercent(head: number, base: number): string {
  if (base === 0) return head === 0 ? '+0.0 %' : 'from 0'
  return signed(formatPercent(head / base - 1))
}

function signedPoints(head: number, base: number): string {
  return signed(`${(100 * (head - base)).toFixed(1)} points`)
}

function signed(text: string): string {
  return text.startsWith('-') ? text : `+${text}`
}
