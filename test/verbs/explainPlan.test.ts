import { describe, expect, test } from 'vitest'
import { explanationText } from '../../src/report/explanationText.js'
import { plainStyle } from '../../src/report/style.js'
import { explainPlan } from '../../src/verbs/explainPlan.js'
import { planRun } from '../../src/verbs/planRun.js'
import { whyNot } from '../../src/verbs/whyNot.js'
import { sampleRun, tables } from '../helpers/runs.js'

const run = { ...sampleRun({ parallelism: { tp: 1, pp: 1, dp: 16, zeroStage: 1 }, training: { recompute: 'none' } }) }
const plan = planRun(run, 'run', tables)
const ask = (pins: Parameters<typeof whyNot>[2]) => whyNot(plan, run, pins, 'run', tables)

describe('why not another', () => {
  test('the best with the pins, and what it would lose by', () => {
    const { best, configurations } = ask({ tp: 8, recompute: 'full' })
    expect(configurations).toBeGreaterThan(1)
    expect(best?.name).toMatch(/^tp 8 .*recompute full$/)
    expect(best?.lostBy).toBeCloseTo(best!.stepSeconds / plan.prediction.stepSeconds - 1, 12)
  })

  test('the pins of the plan itself lose nothing', () => {
    const { best } = ask({ tp: 1, pp: 1, cp: 1, microbatch: 1, zeroStage: 1, recompute: 'none' })
    expect(best?.lostBy).toBe(0)
  })

  test('pins that nothing divides', () => {
    const asked = ask({ tp: 3 })
    expect(asked).toEqual({ pins: { tp: 3 }, configurations: 0 })
    expect(explanationText(explainPlan(plan, asked), plainStyle)).toContain('tp=3: no configuration divides')
  })

  test('pins that do not fit name the nearest miss', () => {
    const large = { ...run, model: { ...run.model, hidden: 16384, heads: 128, ffn: 65536, layers: 64 } }
    const asked = whyNot(planRun(large, 'run', tables), large, { tp: 1, pp: 1, zeroStage: 0 }, 'run', tables)
    expect(asked.best).toBeUndefined()
    expect(asked.nearest!.peakBytes).toBeGreaterThan(asked.nearest!.limitBytes)
    expect(explanationText(explainPlan(plan, asked), plainStyle)).toMatch(/none of \d+ fits; the nearest needs/)
  })
})

test('an explanation is what the plan says of itself', () => {
  expect(explainPlan(plan)).toMatchObject({ kind: 'stowage.explanation', name: 'gpt', placer: 'given' })
})
