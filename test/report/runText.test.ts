import { describe, expect, test } from 'vitest'
import { runText } from '../../src/report/runText.js'
import { plainStyle } from '../../src/report/style.js'
import { predict, sampleRun } from '../helpers/runs.js'

const text = (change: Parameters<typeof sampleRun>[0] = {}) => runText(predict(sampleRun(change)), plainStyle)

describe('text of a training run', () => {
  test('says that a method changes what is trained, and what a mean is of', () => {
    const found = text({ parallelism: { communication: [{ method: 'co2' }, { method: 'custom', stateBytes: 1 }] } })
    expect(found).toContain('co2, custom changes what is trained: do not compare with exact methods by step time alone')
    expect(text({ parallelism: { communication: [{ method: 'cser' }] } })).toMatch(/every 8 steps; above is the mean/)
  })

  test('says that an exact method is exact, and nothing where there is none', () => {
    const exact = [{ method: 'custom', changesConvergence: false, gradients: { acrossBytes: 1 } }]
    expect(text({ parallelism: { communication: exact } })).toMatch(/^exchange {4}custom, exact$/m)
    expect(text()).not.toMatch(/^(exchange|price)/m)
  })

  test('gives a price with its source and day', () => {
    const price = { perDeviceHour: 3600, currency: 'EUR', asOf: '2026-02-28', source: 'an offer' }
    expect(text({ cluster: { price } })).toMatch(/^price {7}\S+ EUR a step \(an offer, 2026-02-28\)$/m)
  })
})
