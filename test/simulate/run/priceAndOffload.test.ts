import { describe, expect, test } from 'vitest'
import { parameterCount } from '../../../src/model/index.js'
import { stepPrice } from '../../../src/simulate/run/stepPrice.js'
import { predict, prepare, sampleRun } from '../../helpers/runs.js'

const price = { perDeviceHour: 1.8, currency: 'EUR', asOf: '2026-02-28', source: 'an offer by post' }

describe('price of a step', () => {
  test('is that of all devices for its length, with day and source', () => {
    const { stepSeconds, price: found } = predict(sampleRun({ cluster: { price } }))
    const { perDeviceHour, ...rest } = price
    expect(found).toEqual({ perStep: expect.closeTo((stepSeconds / 3600) * 16 * perDeviceHour, 12), ...rest })
  })

  test('is of the data sheet where the cluster states none', () => {
    const { cluster } = prepare(sampleRun())
    const { perDeviceHour: _, ...rest } = price
    const ofSheet = { ...cluster, sheet: { ...cluster.sheet, price } }
    expect(stepPrice(ofSheet, 3600)).toEqual({ perStep: 1.8 * 16, ...rest })
    expect(stepPrice({ ...ofSheet, price: { ...price, perDeviceHour: 1 } }, 3600)?.perStep).toBe(16)
  })

  test('is left out where nobody stated one', () => {
    expect(predict(sampleRun())).not.toHaveProperty('price')
  })

  test.each([{ asOf: '2026-02-30' }, { currency: 'euro' }, { source: '' }, { perDeviceHour: -1 }])(
    'refuses %j',
    (wrong) => {
      expect(() => predict(sampleRun({ cluster: { price: { ...price, ...wrong } } }))).toThrow(
        expect.objectContaining({ code: 'E105' }),
      )
    },
  )
})

describe('an offloaded optimizer', () => {
  const of = (offload: boolean, cluster: object = {}, optimizer = 'adamw') =>
    predict(
      sampleRun({ cluster, training: { optimizer }, parallelism: { tp: 1, pp: 1, dp: 16, zeroStage: 1, offload } }),
    )
  const elements = parameterCount(prepare(sampleRun()).run.model).total / 16

  test('takes as long as the slowest of gradients down, host and parameters up, and no device memory', () => {
    const found = of(true, { hostMemoryBytesPerSecond: 1e11 })
    expect(found.breakdown.optimizer / ((8 * 30 * elements) / 1e11)).toBeCloseTo(1, 6)
    expect(found.memory.optimizer).toBe(0)
    // A100's host: PCIe 4.
    const fast = of(true, { hostMemoryBytesPerSecond: 1e15 })
    expect(fast.breakdown.optimizer / ((2 * elements) / 3.1e10)).toBeCloseTo(1, 6)
    expect(fast.breakdown.optimizer).toBeGreaterThan(of(false).breakdown.optimizer)
  })

  test('moves what its optimizer moves', () => {
    const cluster = { hostMemoryBytesPerSecond: 1e11 }
    const seconds = (optimizer: string) => of(true, cluster, optimizer).breakdown.optimizer
    expect(seconds('sgd') / seconds('adamw')).toBeCloseTo(14 / 30, 6)
  })

  test('says what it assumed of the host, only then', () => {
    const said = (...of: readonly string[]) => of.filter((each) => each.startsWith('hostMemoryBytesPerSecond'))
    expect(said(...of(true).assumed)).toEqual(['hostMemoryBytesPerSecond 204800000000 (none is given)'])
    expect(said(...of(true, { hostMemoryBytesPerSecond: 1e11 }).assumed)).toEqual([])
    expect(said(...of(false).assumed)).toEqual([])
  })
})
