import { describe, expect, test } from 'vitest'
import { incomparable, planDiff } from '../../../src/plan/diff/index.js'
import { comparedPlan } from '../../helpers/plans.js'

const decisions = (base: object, head: object) => planDiff(comparedPlan(base), comparedPlan(head)).decisions
const prediction = (base: object, head: object, limits = {}) =>
  planDiff(comparedPlan({}, base), comparedPlan({}, head), limits)

describe('decisions', () => {
  test('one entry that moved far is one, not all between', () => {
    const names = Array.from({ length: 100 }, (_, i) => `op${i}`)
    const { order } = decisions({ order: names }, { order: [...names.slice(1), names[0]] })
    expect(order).toEqual({ moved: 1, added: 0, removed: 0, of: 100, removedAt: [0], insertedAt: [[99, 'op0']] })
  })

  test('a transfer is told by its tensor and where it goes, and is no op of that name', () => {
    const { order } = decisions({ order: ['a', ['a', 1]] }, { order: ['a', ['a', 2], 'b'] })
    expect(order).toMatchObject({ moved: 0, added: 2, removed: 1, of: 4 })
  })

  test('the same parts on devices of other numbers are seen', () => {
    const base = { a: 0, b: 0, c: 1 }
    expect(decisions({ placement: base }, { placement: { a: 1, b: 1, c: 0 } }).placement?.renumbered).toBe(true)
    expect(decisions({ placement: base }, { placement: { a: 1, b: 0, c: 1 } }).placement?.renumbered).toBe(false)
    expect(decisions({ placement: base }, { placement: { a: 1, b: 1, c: 1 } }).placement?.renumbered).toBe(false)
  })

  test('degrees by axis, stages by modules and devices', () => {
    const stages = (...lists: string[][]) => lists.map((modules, index) => ({ index, devices: [index], modules }))
    const diff = decisions(
      { mesh: { axes: ['pp', 'tp'], shape: [1, 2] }, stages: stages(['h.0', 'h.1', 'head']) },
      { mesh: { axes: ['pp', 'dp', 'tp'], shape: [2, 4, 2] }, stages: stages(['h.0'], ['h.1', 'head']) },
    )
    expect(diff.mesh).toEqual([
      { axis: 'pp', base: 1, head: 2 },
      { axis: 'dp', base: undefined, head: 4 },
    ])
    expect(diff.stages).toMatchObject({ base: 1, head: 2, moved: 2, added: 0, removed: 0 })
    expect(diff.stages?.devices).toEqual([{ stage: 1, base: undefined, head: [1] }])
  })

  test('a module of two stages counts in the first', () => {
    const stages = (second: string[]) => ({
      stages: [
        { index: 0, devices: [0], modules: ['wte', 'h.0'] },
        { index: 1, devices: [1], modules: second },
      ],
    })
    expect(decisions(stages(['h.1', 'wte']), stages(['h.1'])).stages?.moved).toBe(0)
  })

  test('units are told by their modules', () => {
    const unit = (modules: string[], reshardAfterForward: boolean) => ({ modules, reshardAfterForward })
    const { fsdp } = decisions(
      { fsdp: { units: [unit(['h.0'], true), unit(['h.1'], true), unit([''], false)] } },
      { fsdp: { units: [unit(['h.0', 'h.1'], true), unit([''], true)] } },
    )
    expect(fsdp).toEqual({ base: 3, head: 2, added: ['h.0 + h.1'], removed: ['h.0', 'h.1'], changed: ['(root)'] })
  })

  test('experts by device: their order there means nothing, a replica does', () => {
    const layers = (...slots: number[][]) => ({ experts: { layers: [{ layer: 3, slots }] } })
    expect(decisions(layers([0, 1], [2, 3]), layers([1, 0], [2, 3])).experts).toMatchObject({ gained: 0, lost: 0 })
    expect(decisions(layers([0, 1], [2, 3]), layers([0, 0], [1, 3])).experts).toEqual({
      layers: 1,
      of: 1,
      gained: 2,
      lost: 2,
    })
  })

  test('a decision that nobody heard of is compared', () => {
    expect(decisions({ newIdea: { a: 1 } }, { newIdea: { a: 2 } }).changes).toEqual([
      { path: ['newIdea', 'a'], base: 1, head: 2 },
    ])
  })

  test('nesting without end is refused', () => {
    const nested = (leaf: number) => Array.from({ length: 100 }).reduce<object>((inner) => ({ inner }), { leaf })
    expect(() => decisions({ deep: nested(1) }, { deep: nested(2) })).toThrow('nested too deeply')
  })
})

describe('predictions', () => {
  test('absolute and percent of the base', () => {
    const { prediction: got } = prediction({ stepSeconds: 2 }, { stepSeconds: 1.5 })
    expect(got.figures).toEqual([
      { figure: 'stepSeconds', unit: 'seconds', better: 'less', base: 2, head: 1.5, difference: -0.5, percent: -25 },
    ])
  })

  test('a base of 0 has no percent', () => {
    const { figures } = prediction({ breakdown: { bubble: 0 } }, { breakdown: { bubble: 1 } }).prediction
    expect(figures[0]).toMatchObject({ figure: 'breakdown.bubble', difference: 1, percent: null })
  })

  test('peaks by the fullest and by place; headroom is that of the tightest', () => {
    const limits = { baseLimits: [100, 1000], headLimits: [100, 1000] }
    const { prediction: got } = prediction({ peakBytes: [80, 500] }, { peakBytes: [90, 500] }, limits)
    expect(got.figures.map(({ figure, base, head }) => [figure, base, head])).toEqual([
      ['peakBytes', 500, 500],
      ['headroom', expect.closeTo(0.2), expect.closeTo(0.1)],
    ])
    expect(got.places).toEqual([{ figure: 'peakBytes', unit: 'bytes', place: 0, base: 80, head: 90 }])
    expect(got.same).toBe(false)
  })

  test('the limit that a prediction states gives headroom', () => {
    const { figures } = prediction(
      { peakBytes: [50], memoryLimitBytes: 100 },
      { peakBytes: [75], memoryLimitBytes: 100 },
    ).prediction
    expect(figures.find(({ figure }) => figure === 'headroom')).toMatchObject({ base: 0.5, head: 0.25, better: 'more' })
  })

  test('a limit that is known of one side only makes no difference', () => {
    const diff = prediction({ peakBytes: [50] }, { peakBytes: [50] }, { baseLimits: [100] })
    expect(diff.same).toBe(true)
    expect(diff.skipped.map(({ what }) => what)).toEqual(['headroom'])
  })

  test('what one plan lacks is said, and is a difference', () => {
    const diff = prediction({ stepSeconds: 1 }, { stepSeconds: 1, mfu: 0.4 })
    expect(diff.same).toBe(false)
    expect(diff.skipped).toContainEqual({ what: 'mfu', in: 'head', why: 'the base lacks it' })
  })

  test('prices in other currencies are not subtracted', () => {
    const price = (currency: string) => ({ price: { perStep: 1, currency } })
    const diff = prediction(price('USD'), price('EUR'))
    expect(diff.prediction.figures).toEqual([])
    expect(diff.skipped[1]).toEqual({ what: 'price.perStep', in: 'both', why: 'in USD and in EUR' })
  })

  test('whether it fits is no figure, and a difference', () => {
    const diff = prediction({ fits: true }, { fits: false })
    expect(diff.prediction.changes).toEqual([{ path: ['fits'], base: true, head: false }])
    expect(diff.same).toBe(false)
  })

  test('assumptions and schedules survive', () => {
    const base = { ...comparedPlan({}, { schedule: { ops: [] } }), explanation: { assumed: ['flash', 'a'] } }
    const head = { ...comparedPlan({}, {}), explanation: { assumed: ['flash'] } }
    expect(planDiff(base, head).skipped.map(({ what, in: side }) => [what, side])).toEqual([
      ['headroom', 'both'],
      ['schedule', 'base'],
      ['a', 'base'],
      ['flash', 'both'],
    ])
  })
})

describe('causes', () => {
  test('inputs by their hash, options by their value', () => {
    const head = comparedPlan({}, {}, { model: { name: 'm', sha256: 'other' }, options: { effort: 2 } })
    const { why } = planDiff(comparedPlan({}, {}), head)
    expect(why.inputs.map(({ input }) => input)).toEqual(['model'])
    expect(why.options).toEqual([{ path: ['effort'], head: 2 }])
  })

  test('a file of another name and the same content is the same input', () => {
    const base = comparedPlan({}, {})
    const { sha256 } = base.provenance.inputs.model
    expect(planDiff(base, comparedPlan({}, {}, { model: { name: 'renamed', sha256 } })).why.inputs).toEqual([])
  })
})

describe('incomparable', () => {
  const placement = comparedPlan({ placement: {} })

  test('is nothing for plans of one kind, tool and cost data, even of another model', () => {
    const other = comparedPlan({ stages: [] }, {}, { model: { name: 'x', sha256: 'x' } })
    expect(incomparable(placement, other)).toEqual([])
  })

  test('names tool and cost data of both', () => {
    const other = comparedPlan({ placement: {} }, {}, { calibration: { name: 'mine', sha256: 'f'.repeat(64) } })
    const newer = { ...other, provenance: { ...other.provenance, tool: 'stowage 9' } }
    expect(incomparable(placement, newer)).toEqual([
      { what: 'tool', base: 'stowage 0', head: 'stowage 9' },
      { what: 'cost data', base: expect.stringContaining('data sheets'), head: 'mine (sha256 ffffffffffff)' },
    ])
  })

  test('is the kind alone where kinds differ', () => {
    const other = comparedPlan({ mesh: {} }, {}, { calibration: { name: 'mine', sha256: 'f' } })
    expect(incomparable(placement, other)).toEqual([{ what: 'kind', base: 'placement', head: 'parallel' }])
  })
})
