import { describe, expect, test } from 'vitest'
import { communicationMethodNames, communicationMethods } from '../../../src/cost/training/index.js'
import type { UserError } from '../../../src/errors/index.js'
import { parameterCount } from '../../../src/model/index.js'
import { predict, prepare, sampleRun } from '../../helpers/runs.js'

/** One stage on 4 hosts of 4 devices, so that data ranks meet inside hosts and across. */
const links = { devicesPerHost: 4, intraHostBytesPerSecond: 2e11, interHostBytesPerSecond: 2e10 }
const run = (communication?: object[], parallelism: object = {}) =>
  predict(
    sampleRun({
      cluster: links,
      parallelism: { tp: 1, pp: 1, dp: 16, ...parallelism, ...(communication && { communication }) },
    }),
  )

const published = communicationMethodNames.filter((name) => name !== 'custom')
const stateOf = (name: string) => ({ zeroStage: communicationMethods[name].needs === 'shared-state' ? 1 : 0 })

describe('communication methods', () => {
  test('that change nothing leave the prediction as it is, to the bit', () => {
    for (const parallelism of [{}, { zeroStage: 1 }, { tp: 2, pp: 2, dp: 4 }, { zeroStage: 3, fsdp: true }]) {
      const { changesConvergence, ...plain } = run(undefined, parallelism)
      expect(changesConvergence).toBe(false)
      expect(run([], parallelism)).toEqual({ ...plain, changesConvergence: false })
      const { communication, ...same } = run([{ method: 'custom', changesConvergence: false }], parallelism)
      expect(same).toEqual({ ...plain, changesConvergence: false })
      expect(communication).toMatchObject({
        methods: ['custom'],
        periodSteps: 1,
        longestStepSeconds: plain.stepSeconds,
      })
    }
  })

  test.each(published)('%s is faster where the network is slow, says that weights differ, and names itself', (name) => {
    const parallelism = stateOf(name)
    const plain = run(undefined, parallelism)
    // At its own 4 steps, Local AdaAlter sends as many bytes as exact 16-bit gradients, and hides none.
    const sync = name === 'local-adaalter' ? { everySteps: 16 } : undefined
    const found = run([{ method: name, sync }], parallelism)
    expect(found.stepSeconds).toBeLessThan(plain.stepSeconds)
    expect(found.changesConvergence).toBe(true)
    expect(found.communication?.methods).toEqual([name])
    expect(found.communication?.longestStepSeconds).toBeGreaterThanOrEqual(found.stepSeconds)
    expect(Object.values(found.breakdown).reduce((sum, part) => sum + part, 0)).toBeCloseTo(found.stepSeconds, 9)
    const { total } = parameterCount(prepare(sampleRun()).run.model)
    const more = found.memory.communication - plain.memory.communication
    expect(more / total).toBeCloseTo(communicationMethods[name].stateBytes, 6)
  })

  test('meet now and then: the mean is that of a period, and each step of it follows from the exchange', () => {
    const sync = { insideBytes: 4, acrossBytes: 4, everySteps: 10 }
    const of = (change: object) => run([{ method: 'custom', sync: { ...sync, ...change } }]).communication!
    const whole = of({})
    const exchange = whole.longestStepSeconds - whole.localStepSeconds
    expect(run([{ method: 'custom', sync }]).stepSeconds).toBeCloseTo(whole.localStepSeconds + exchange / 10, 12)
    // Overlap: max(0, exchange - window x step).
    const window = Math.floor((0.5 * exchange) / whole.localStepSeconds)
    for (const overlapSteps of [window, 10]) {
      const { localStepSeconds, longestStepSeconds } = of({ overlapSteps })
      expect(longestStepSeconds - localStepSeconds).toBeCloseTo(
        Math.max(0, exchange - overlapSteps * localStepSeconds),
        12,
      )
    }
    // Fragments: a fifth of the bytes five times as often.
    const parts = of({ fragments: 5 })
    expect(parts.periodSteps).toBe(2)
    expect((parts.longestStepSeconds - parts.localStepSeconds) / exchange).toBeCloseTo(1 / 5, 2)
  })

  test('of sparse values grow with the number of ranks, others do not', () => {
    const exchange = (devices: number, sparse: boolean) => {
      const value = sampleRun({
        cluster: { ...links, devices },
        training: { globalBatch: 64 },
        parallelism: {
          tp: 1,
          pp: 1,
          dp: devices,
          communication: [{ method: 'custom', sync: { insideBytes: 0.01, acrossBytes: 0.01, sparse } }],
        },
      })
      const { localStepSeconds, longestStepSeconds } = predict(value).communication!
      return longestStepSeconds - localStepSeconds
    }
    expect(exchange(64, true) / exchange(16, true)).toBeGreaterThan(3)
    expect(exchange(64, false) / exchange(16, false)).toBeLessThan(1.5)
  })

  test('may send other bytes inside a host than across, and each tier counts', () => {
    const of = (insideBytes: number, acrossBytes: number) =>
      run([{ method: 'custom', gradients: { insideBytes, acrossBytes } }]).stepSeconds
    expect(of(1, 0.5)).toBeLessThan(of(4, 0.5))
    expect(of(1, 0.5)).toBeLessThan(of(1, 4))
    expect(of(1, 0.5)).toBeLessThan(of(2, 2))
    const codec = (codecBytes: number) => run([{ method: 'custom', gradients: { codecBytes } }]).stepSeconds
    const elements = 16 * 12 * 2048 ** 2
    expect(codec(100) - codec(0)).toBeGreaterThan((100 * elements) / 2.1e12)
  })

  test('reach fully sharded layers too', () => {
    const sharded = { zeroStage: 3, fsdp: true }
    const step = run([{ method: 'sdp4bit' }], sharded).stepSeconds
    expect(step).toBeLessThan(run(undefined, sharded).stepSeconds)
  })

  test('compose where they touch different exchanges', () => {
    const found = run(
      [
        { method: 'custom', gradients: { acrossBytes: 2 }, changesConvergence: false },
        { method: 'custom', parameters: { acrossBytes: 1 } },
      ],
      { zeroStage: 1 },
    )
    expect(found.changesConvergence).toBe(true)
    expect(found.communication?.methods).toEqual(['custom', 'custom'])
  })

  test.each([
    [
      'two codecs',
      [{ method: 'byteps-onebit' }, { method: 'deep-gradient-compression' }],
      {},
      /both encode the gradients/,
    ],
    ['two periods', [{ method: 'co2' }, { method: 'streaming-diloco' }], {}, /both say when ranks meet/],
    ['gradients between local steps', [{ method: 'co2' }, { method: 'byteps-onebit' }], {}, /no gradients travel/],
    ['local steps of shared state', [{ method: 'co2' }], { zeroStage: 1 }, /whole weights and optimizer state/],
    ['residuals of shared gradients', [{ method: 'byteps-onebit' }], { fsdp: true }, /whole gradients/],
    [
      'own local steps of shared state',
      [{ method: 'custom', sync: { everySteps: 4 } }],
      { fsdp: true },
      /steps locally/,
    ],
    [
      'own bytes of weights that do not travel',
      [{ method: 'custom', parameters: { acrossBytes: 1 } }],
      {},
      /on their way back/,
    ],
    [
      'sparse gradients of shared ones',
      [{ method: 'custom', gradients: { sparse: true } }],
      { zeroStage: 2 },
      /whole gradients/,
    ],
    ['weights that do not travel', [{ method: 'sdp4bit' }], { zeroStage: 0 }, /weights on their way back/],
    ['more parts than steps', [{ method: 'co2', sync: { fragments: 99 } }], {}, /more fragments than steps/],
  ])('%s is E607 with what to do', (_, communication, parallelism, message) => {
    try {
      run(communication, parallelism)
    } catch (error) {
      const [problem] = (error as UserError).problems
      expect(problem).toMatchObject({ code: 'E607', message: expect.stringMatching(message) })
      expect(problem.where).toMatch(/^run#\/parallelism\/communication\/\d/)
      expect(problem.fix ?? problem.expected).toBeTruthy()
      return
    }
    throw new Error('accepted')
  })

  test('an unknown method or field is E105 at its pointer', () => {
    for (const wrong of [{ method: 'telepathy' }, { method: 'co2', tau: 3 }])
      expect(() => run([wrong])).toThrow(expect.objectContaining({ code: 'E105' }))
  })
})

test('an account to the byte says that it leaves out state of methods and offload', () => {
  const fsdp = { tp: 1, pp: 1, dp: 16, fsdp: { reshardAfterForward: true } }
  const of = (more: object) =>
    predict(sampleRun({ parallelism: { ...fsdp, ...more } })).memory as { notExactBecause?: string[] }
  const own = of({ offload: true, communication: [{ method: 'custom', stateBytes: 2 }] }).notExactBecause
  expect(own).toContain('offload: the optimizer is counted on the device')
  expect(own).toContain('custom: their state is not counted')
  expect((of({}).notExactBecause ?? []).join()).not.toMatch(/offload|custom/)
})
