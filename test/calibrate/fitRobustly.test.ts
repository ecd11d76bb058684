import { describe, expect, it } from 'vitest'
import { calibrateStack, fitRobustly, intervalOf, quantile } from '../../src/calibrate/index.js'

const parameter = (name: string, prior: number) => ({ name, prior, spread: 1, bounds: [0.01, 100] as const })
const model = (a: number, b: number, x: number) => a + b * x

describe('robust fit', () => {
  const truth = { a: 2, b: 0.5 }
  const xs = [1, 2, 3, 5, 8, 13]

  it('finds the numbers behind exact measurements', () => {
    const { values } = fitRobustly([parameter('a', 1), parameter('b', 1)], ([a, b]) =>
      xs.map((x) => Math.log(model(a, b, x) / model(truth.a, truth.b, x))),
    )
    expect(values[0]).toBeCloseTo(truth.a, 1)
    expect(values[1]).toBeCloseTo(truth.b, 1)
  })

  it('is hardly moved by one row that is ten times off', () => {
    const measured = xs.map((x, i) => model(truth.a, truth.b, x) * (i === 3 ? 10 : 1))
    const { values } = fitRobustly([parameter('a', 1), parameter('b', 1)], ([a, b]) =>
      xs.map((x, i) => Math.log(model(a, b, x) / measured[i])),
    )
    expect(values[0] / truth.a).toBeGreaterThan(0.9)
    expect(values[0] / truth.a).toBeLessThan(1.1)
  })

  it('leaves a parameter that no row feels at its prior, and stays in bounds', () => {
    const bounded = { ...parameter('a', 1), bounds: [0.5, 1.5] as const }
    const { values } = fitRobustly([bounded, parameter('idle', 7)], ([a]) => xs.map(() => Math.log(a / 20)))
    expect(values[0]).toBeCloseTo(1.5)
    expect(values[1]).toBe(7)
  })
})

describe('calibration of a stack', () => {
  const rows = Array.from({ length: 40 }, (_, i) => ({
    id: `r${i}`,
    group: i % 2 ? 'odd' : 'even',
    kind: i < 30 ? 'small' : 'large',
    isPipelined: false,
    measuredSeconds: model(2, 0.5, i + 1) * (1 + 0.02 * Math.sin(7 * i)),
    predictSeconds: ([a, b]: readonly number[]) => model(a, b, i + 1),
  }))

  it('fits at most so many rows of each group, and covers the rest', () => {
    const result = calibrateStack([parameter('a', 1), parameter('b', 1)], rows, { mostAnchors: 4, draws: 10 })
    expect(result.anchors).toHaveLength(8)
    expect(new Set(result.anchors).size).toBe(8)
    expect(result.after.mean).toBeLessThan(0.03)
    expect(result.before.mean).toBeGreaterThan(result.after.mean)
    const outside = rows.filter(({ measuredSeconds, predictSeconds }) => {
      const ratio = measuredSeconds / predictSeconds(result.values)
      return ratio < result.interval[0] || ratio > result.interval[1]
    })
    expect(outside.length).toBeLessThanOrEqual(6)
  })

  it('chooses the same rows every time', () => {
    const options = { mostAnchors: 3, draws: 6 }
    const parameters = [parameter('a', 1), parameter('b', 1)]
    expect(calibrateStack(parameters, rows, options)).toEqual(calibrateStack(parameters, rows, options))
  })

  it('takes the narrowest interval that holds nine in ten', () => {
    const ratios = [...Array.from({ length: 95 }, (_, i) => (i - 47) / 1000), 2, 2.1, 2.2, 2.3, 2.4]
    const [low, high] = intervalOf(ratios)
    expect(Math.log(high)).toBeLessThan(0.1)
    expect(ratios.filter((ratio) => ratio >= Math.log(low) && ratio <= Math.log(high)).length).toBeGreaterThanOrEqual(
      90,
    )
    expect(intervalOf([0, 0, 0, 0])).toEqual([Math.exp(-0.03), Math.exp(0.03)])
    expect(quantile([3, 1, 2], 0.5)).toBe(2)
  })
})
