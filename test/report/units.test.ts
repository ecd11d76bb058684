import { describe, expect, test } from 'vitest'
import { formatBytesPerSecond, formatFlops, formatPercent } from '../../src/report/units.js'

describe('units', () => {
  test('rates and arithmetic are decimal, with a space before the unit', () => {
    expect([450e9, 1, 0, 12.5e6].map(formatBytesPerSecond)).toEqual(['450.0 GB/s', '1 B/s', '0 B/s', '12.50 MB/s'])
    expect([3.26e12, 999].map(formatFlops)).toEqual(['3.260 TFLOP', '999 FLOP'])
  })

  test('shares', () => {
    expect([0.3174, 1, -0.02].map(formatPercent)).toEqual(['31.7 %', '100.0 %', '-2.0 %'])
  })
})
