import * as fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { type FigureChange, type Move, type PlanDiff, planDiff } from '../../../src/plan/diff/index.js'
import { applied, comparedPlan, decisionsArbitrary, predictionArbitrary } from '../../helpers/plans.js'

const plans = fc.tuple(decisionsArbitrary, predictionArbitrary).map((parts) => comparedPlan(...parts))
const limits = { baseLimits: [200, 200, 200], headLimits: [200, 200, 200] }

/** Any value with `base` and `head` changed over. */
function swapped<T>(value: T): T {
  if (Array.isArray(value)) return value.map((each) => swapped(each)) as T
  if (typeof value !== 'object' || value === null) return value
  const { base, head, ...rest } = value as { base?: unknown; head?: unknown }
  return { ...rest, ...(head !== undefined && { base: head }), ...(base !== undefined && { head: base }) } as T
}

/** What a diff says without regard to direction: the base's and head's own, in a form that can be turned about. */
function facts({ decisions, prediction, why, skipped }: PlanDiff) {
  return {
    moves: decisions.placement?.moves,
    order: decisions.order && [decisions.order.moved, decisions.order.added, decisions.order.removed],
    changes: decisions.changes,
    mesh: decisions.mesh && new Set(decisions.mesh.map((each) => JSON.stringify(sorted(each)))),
    experts: decisions.experts && [decisions.experts.gained, decisions.experts.lost],
    figures: prediction.figures.map(({ percent: _, ...each }) => each),
    places: prediction.places,
    why,
    skipped: skipped.map(({ what, in: side }) => [what, side]),
  }
}

function sorted(value: object): object {
  return Object.fromEntries(Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1)))
}

function turned(diff: PlanDiff): ReturnType<typeof facts> {
  const { moves, order, changes, mesh, experts, figures, places, why, skipped } = facts(diff)
  const sides: Readonly<Record<string, string>> = { base: 'head', head: 'base', both: 'both' }
  return {
    moves: moves?.map(([name, from, to]): Move => [name, to, from]),
    order: order && [order[0], order[2], order[1]],
    changes: swapped(changes),
    mesh: mesh && new Set([...mesh].map((each) => JSON.stringify(sorted(swapped(JSON.parse(each)))))),
    experts: experts && [experts[1], experts[0]],
    figures: figures.map((each) => ({ ...(swapped(each) as FigureChange), difference: 0 - each.difference })),
    places: swapped(places),
    why: { inputs: swapped(why.inputs), options: swapped(why.options) },
    skipped: skipped.map(([what, side]) => [what, sides[side]]),
  }
}

describe('planDiff', () => {
  test('of a plan with itself is empty', () => {
    fc.assert(
      fc.property(plans, (plan) => {
        const diff = planDiff(plan, structuredClone(plan), limits)
        expect([diff.same, diff.decisions.same, diff.prediction.same]).toEqual([true, true, true])
        expect(diff.decisions.changes).toEqual([])
        expect(diff.decisions.placement?.groups ?? []).toEqual([])
        expect(diff.prediction.figures.every(({ difference }) => difference === 0)).toBe(true)
      }),
    )
  })

  test('applied to the base gives the head, whatever was decided', () => {
    let different = 0
    fc.assert(
      fc.property(decisionsArbitrary, decisionsArbitrary, (base, head) => {
        const { decisions } = planDiff(comparedPlan(base), comparedPlan(head))
        expect(applied(base, decisions)).toEqual(head)
        if (!decisions.same) different++
      }),
      { numRuns: 500 },
    )
    expect(different).toBeGreaterThan(300)
  })

  test('says the same turned about when base and head change places', () => {
    fc.assert(
      fc.property(plans, plans, (base, head) => {
        const [there, back] = [planDiff(base, head, limits), planDiff(head, base, limits)]
        expect(back.same).toBe(there.same)
        expect(normal(facts(back))).toEqual(normal(turned(there)))
      }),
      { numRuns: 500 },
    )
  })

  test('counts every move in exactly one group', () => {
    fc.assert(
      fc.property(decisionsArbitrary, decisionsArbitrary, (base, head) => {
        const { placement } = planDiff(comparedPlan(base), comparedPlan(head)).decisions
        if (!placement) return
        const ways = new Map<string, number>()
        for (const [, from, to] of placement.moves) ways.set(`${from} ${to}`, (ways.get(`${from} ${to}`) ?? 0) + 1)
        for (const { from, to, count, of } of placement.groups) {
          ways.set(`${from} ${to}`, ways.get(`${from} ${to}`)! - count)
          expect(count).toBeLessThanOrEqual(of)
        }
        expect([...ways.values()].every((left) => left === 0)).toBe(true)
      }),
    )
  })
})

/** Without -0 and keys whose value is undefined. */
function normal(value: object): unknown {
  return JSON.parse(JSON.stringify(value, (_, each) => (each instanceof Set ? [...each].sort() : each)))
}
