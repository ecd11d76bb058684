import type { FigureChange, Unit } from './types.js'

/** A number that a plan predicts. */
export interface Figure {
  readonly value: number
  /** Of a list by device or stage, whose largest `value` is. */
  readonly byPlace?: readonly number[]
  /** The field of the prediction that it was taken from. */
  readonly source: string
  readonly unit: Unit
  readonly better: FigureChange['better']
  /** Of prices. */
  readonly currency?: string
}

/**
 * All numbers of a prediction under their paths, so that a figure which a planner of tomorrow predicts is compared, too. Of a list by device the largest
 * counts; an interval gives two figures; the headroom of the fullest device is added where limits are known.
 */
export function figuresOf(prediction: object, limits: ArrayLike<number> | undefined): ReadonlyMap<string, Figure> {
  const figures = new Map<string, Figure>()
  collect(prediction, [], figures)
  const peaks = figures.get('peakBytes')?.byPlace
  const stated = figures.get('memoryLimitBytes')?.value
  if (peaks && (limits || stated !== undefined) && !figures.has('headroom')) {
    const value = Math.min(...peaks.map((bytes, place) => 1 - bytes / (stated ?? limits![place])))
    if (Number.isFinite(value))
      figures.set('headroom', { value, source: 'peakBytes', unit: 'fraction', better: 'more' })
  }
  return figures
}

/** The seconds and bytes of single ops follow from the decisions. */
const notFigures = new Set(['schedule'])
/** Deeper is no prediction of ours. */
const deepest = 8

function collect(value: object, path: readonly string[], figures: Map<string, Figure>): void {
  if (path.length > deepest) return
  const { currency } = value as { readonly currency?: unknown }
  for (const key of Object.keys(value).sort(stepFirst)) {
    if (path.length === 0 && notFigures.has(key)) continue
    const each = (value as Readonly<Record<string, unknown>>)[key]
    const source = [...path, key].join('.')
    const kind = { source, ...meaningOf(source), ...(typeof currency === 'string' && { currency }) }
    if (typeof each === 'number') figures.set(source, { value: each, ...kind })
    else if (!isNumbers(each)) {
      if (typeof each === 'object' && each !== null && !Array.isArray(each)) collect(each, [...path, key], figures)
    } else if (key.endsWith('Interval') && each.length === 2) {
      figures.set(`${source}.low`, { value: each[0], ...kind })
      figures.set(`${source}.high`, { value: each[1], ...kind })
    } else figures.set(source, { value: each.reduce((most, one) => Math.max(most, one)), byPlace: each, ...kind })
  }
}

function isNumbers(value: unknown): value is readonly number[] {
  return Array.isArray(value) && value.length > 0 && value.every((each) => typeof each === 'number')
}

/** What people look for first comes first; the rest by name. */
const first = ['stepSeconds', 'stepSecondsInterval', 'maxLoadSeconds', 'peakBytes', 'mfu', 'breakdown']

function stepFirst(a: string, b: string): number {
  const [one, other] = [a, b].map((name) => (first.indexOf(name) + first.length + 1) % (first.length + 1))
  return one - other || (a < b ? -1 : a > b ? 1 : 0)
}

function meaningOf(source: string): Pick<Figure, 'unit' | 'better'> {
  const unit = unitOf(source)
  if (/lowerBound|limit/i.test(source)) return { unit, better: 'neither' }
  if (/^mfu$|headroom/i.test(source)) return { unit, better: 'more' }
  return { unit, better: unit === 'number' && source !== 'price.perStep' ? 'neither' : 'less' }
}

function unitOf(source: string): Unit {
  if (/Seconds|^breakdown\./.test(source)) return 'seconds'
  if (/Bytes|^memory\./.test(source)) return 'bytes'
  return /Fraction|^mfu$|headroom|Share/i.test(source) ? 'fraction' : 'number'
}
