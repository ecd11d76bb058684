import { type Figure, figuresOf } from './figures.js'
import type { DiffContext } from './planDiff.js'
import type { FigureChange, PlaceChange, PredictionDiff, Skipped } from './types.js'
import { valueChanges } from './valueChanges.js'

/** Every figure that both plans predict, the equal ones too; what only one predicts is skipped, and makes them differ. */
export function predictionDiff(
  base: object | undefined,
  head: object | undefined,
  { baseLimits, headLimits }: DiffContext,
): PredictionDiff & { readonly skipped: readonly Skipped[] } {
  if (!base || !head) return withoutPrediction(base, head)
  const areKnown = baseLimits !== undefined && headLimits !== undefined
  const [old, now] = [
    figuresOf(base, areKnown ? baseLimits : undefined),
    figuresOf(head, areKnown ? headLimits : undefined),
  ]
  const [figures, places, skipped]: [FigureChange[], PlaceChange[], Skipped[]] = [[], [], []]
  for (const name of new Set([...old.keys(), ...now.keys()])) {
    const [was, is] = [old.get(name), now.get(name)]
    if (!was || !is)
      skipped.push({ what: name, in: was ? 'base' : 'head', why: `the ${was ? 'head' : 'base'} lacks it` })
    else if (was.currency !== is.currency)
      skipped.push({ what: name, in: 'both', why: `in ${was.currency} and in ${is.currency}` })
    else {
      figures.push(change(name, was, is))
      places.push(...placeChanges(name, was, is))
    }
  }
  const changes = valueChanges(base, head, [], (path) => {
    const name = path.join('.')
    return name === 'schedule' || [old, now].some((each) => [...each.values()].some(({ source }) => source === name))
  })
  const same =
    figures.every(({ difference }) => difference === 0) && !places.length && !changes.length && !skipped.length
  return {
    same,
    figures,
    changes,
    places,
    skipped: [...skipped, ...notCompared(base, head, old.has('headroom') || now.has('headroom'))],
  }
}

function withoutPrediction(base: object | undefined, head: object | undefined) {
  const why = base || head ? `the ${base ? 'head' : 'base'} lacks it` : 'both plans lack it'
  const skipped: Skipped[] = [{ what: 'prediction', in: base ? 'base' : head ? 'head' : 'both', why }]
  return { same: !base && !head, figures: [], changes: [], places: [], skipped }
}

function change(figure: string, { value: base, unit, better }: Figure, { value: head }: Figure): FigureChange {
  const difference = head - base
  const percent = difference === 0 ? 0 : base === 0 ? null : (100 * difference) / Math.abs(base)
  return { figure, unit, better, base, head, difference, percent }
}

function placeChanges(
  figure: string,
  { byPlace: old = [], unit }: Figure,
  { byPlace: now = [] }: Figure,
): PlaceChange[] {
  return Array.from({ length: Math.max(old.length, now.length) }, (_, place) => ({
    figure,
    unit,
    place,
    base: old[place],
    head: now[place],
  })).filter(({ base, head }) => base !== head)
}

function notCompared(base: object, head: object, isHeadroomKnown: boolean): Skipped[] {
  const skipped: Skipped[] = []
  if (!isHeadroomKnown) skipped.push({ what: 'headroom', in: 'both', why: 'what a device may hold is not known' })
  const [inBase, inHead] = [Object.hasOwn(base, 'schedule'), Object.hasOwn(head, 'schedule')]
  if (inBase || inHead) {
    const side = inBase ? (inHead ? 'both' : 'base') : 'head'
    skipped.push({ what: 'schedule', in: side, why: 'starts and ends are not compared op by op' })
  }
  return skipped
}
