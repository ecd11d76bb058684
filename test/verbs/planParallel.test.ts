import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { readRun } from '../../src/formats/run.js'
import { deviceCount } from '../../src/model/index.js'
import { configurations, type SearchSpace } from '../../src/parallel/index.js'
import { boundRun, predictRun, prepareRun, shortPrograms } from '../../src/simulate/index.js'
import { planParallel, runDocument, searchParallel } from '../../src/verbs/planParallel.js'
import { simulateRun } from '../../src/verbs/simulateRun.js'
import { sampleRun, tables } from '../helpers/runs.js'

interface Problem {
  readonly model?: object
  readonly devices?: number
  readonly batch?: number
  readonly pins?: SearchSpace['pins']
  readonly memoryLimitBytes?: number
}

function request({ model = {}, devices = 16, batch = 32, pins = {}, memoryLimitBytes }: Problem) {
  const value = sampleRun({ model, cluster: { devices }, parallelism: { tp: 1, pp: 1, dp: devices } })
  const { run, cluster } = readRun(value, 'run', tables.references)
  const space: SearchSpace = {
    model: run.model,
    devices,
    domainDevices: cluster.domainDevices,
    globalBatch: batch,
    precision: 'bf16',
    optimizer: 'adamw',
    stack: 'megatron-lm-2022',
    pins,
    schedules: ['1f1b', 'zb-h1', 'gpipe'],
    recomputations: ['none', 'selective', 'full'],
  }
  return {
    space,
    cluster,
    references: { model: value.model, cluster: value.cluster },
    top: 3,
    ...(memoryLimitBytes !== undefined && { memoryLimitBytes }),
  }
}

/** Every configuration, played. */
function everything(asked: ReturnType<typeof request>) {
  const { calibration, limitBytes } = searchParallel(asked, tables)
  const programOf = shortPrograms()
  const all = [...configurations(asked.space)].map((run) => {
    const prediction = predictRun(prepareRun(run, asked.cluster, tables.stacks), calibration)
    const outlook = boundRun(prepareRun(run, asked.cluster, tables.stacks, programOf), calibration)
    return { run, prediction, outlook }
  })
  return { all, limitBytes }
}

describe('the search over configurations', () => {
  const problem = fc.record({
    model: fc.record({
      layers: fc.constantFrom(4, 6, 8, 12),
      hidden: fc.constantFrom(512, 1024, 2048),
      heads: fc.constantFrom(8, 16),
      experts: fc.constantFrom(0, 0, 8),
      topK: fc.constant(2),
      expertFfn: fc.constant(1024),
    }),
    devices: fc.constantFrom(2, 4, 8, 16),
    batch: fc.constantFrom(8, 16, 48),
    memoryLimitBytes: fc.integer({ min: 2, max: 40 }).map((gigabytes) => gigabytes * 1e9),
  })

  test('agrees with playing everything on small problems, and bounds what it does not play', () => {
    fc.assert(
      fc.property(problem, (asked) => {
        const made = request({ ...asked, model: { ...asked.model, ffn: 2 * asked.model.hidden } })
        const { all, limitBytes } = everything(made)
        const { found } = searchParallel(made, tables)
        const steps = all
          .filter(({ prediction }) => prediction.peakBytes <= limitBytes)
          .map(({ prediction }) => prediction.stepSeconds)
          .sort((a, b) => a - b)
        expect(found.configurations).toBe(all.length)
        expect(found.best.map(({ prediction }) => prediction.stepSeconds)).toEqual(steps.slice(0, 3))
        for (const { prediction, outlook } of all) {
          expect(outlook.boundSeconds()).toBeLessThanOrEqual(prediction.stepSeconds * (1 + 1e-12))
          expect(outlook.peakBytes).toBe(prediction.peakBytes)
        }
      }),
      { numRuns: Number(process.env.STOWAGE_SEARCH_PROBLEMS ?? 20) },
    )
  }, 600_000)

  test('every configuration is one that a run file can state: degrees of all devices, predicted alike', () => {
    const made = request({ model: { layers: 8 } })
    for (const run of [...configurations(made.space)].filter((_, k) => k % 37 === 0)) {
      expect(deviceCount(run.sharing.degrees)).toBe(16)
      const answer = simulateRun(runDocument(made, run), 'run', tables)
      const { calibration } = searchParallel(made, tables)
      expect(answer.stepSeconds).toBe(predictRun(prepareRun(run, made.cluster, tables.stacks), calibration).stepSeconds)
    }
  })

  test('keeps to its pins', () => {
    const pins = { tp: 2, pp: 4, virtualStages: 2, microbatch: 1, recompute: 'full', zeroStage: 1 } as const
    const { best } = searchParallel(request({ pins }), tables).found
    expect(best).toHaveLength(1)
    const [{ run }] = best
    expect(run.sharing).toMatchObject({ virtualStages: 2, schedule: 'interleaved-1f1b', zeroStage: 1 })
    expect(run.sharing.degrees).toMatchObject({ tensor: 2, pipeline: 4, data: 2 })
    expect(run.recipe).toMatchObject({ microbatch: 1, recompute: 'full' })
  })

  test('more memory never makes the best longer', () => {
    const step = (gigabytes: number) =>
      searchParallel(request({ memoryLimitBytes: gigabytes * 1e9 }), tables).found.best[0]?.prediction.stepSeconds ??
      Number.POSITIVE_INFINITY
    const steps = [2, 3, 5, 10, 20, 40].map(step)
    expect(steps).toEqual([...steps].sort((a, b) => b - a))
  })
})

describe('the plan of a search', () => {
  test('says its runners-up, the proof and what the memory costs', () => {
    const { plan, found } = planParallel(request({ memoryLimitBytes: 6e9 }), tables)
    expect(plan.prediction.stepSeconds).toBe(found.best[0].prediction.stepSeconds)
    expect(plan.explanation?.alternatives).toHaveLength(2)
    expect(plan.explanation?.alternatives[0].lostBy).toBeGreaterThanOrEqual(0)
    expect(plan.explanation?.proof).toMatch(/^best of \d+ configurations: \d+ do not fit/)
  })

  test('where nothing fits names the nearest miss (E301), where nothing divides the pins (E304)', () => {
    expect(() => planParallel(request({ memoryLimitBytes: 1e8 }), tables)).toThrow(
      expect.objectContaining({
        code: 'E301',
        exitCode: 3,
        problems: [expect.objectContaining({ found: expect.stringMatching(/needs .* over$/) })],
      }),
    )
    expect(() => planParallel(request({ pins: { ep: 8 } }), tables)).toThrow(expect.objectContaining({ code: 'E304' }))
    expect(() => planParallel(request({ pins: { tp: 3 } }), tables)).toThrow(expect.objectContaining({ code: 'E304' }))
  })
})
