import { describe, expect, test } from 'vitest'
import { fitSpread, intervalOf } from '../../src/calibrate/index.js'
import { type Calibration, type Difficulty, runInterval, spreadNames, spreadOf } from '../../src/cost/training/index.js'

const difficulty = (more: Partial<Difficulty>): Difficulty => ({
  ...(Object.fromEntries(spreadNames.map((name) => [name, 0])) as Difficulty),
  base: 1,
  ...more,
})
const easy = difficulty({})
const hard = difficulty({ bubble: 0.5 })

/** Misses of 2 % without a bubble and of 20 % with one, to both sides. */
const runs = Array.from({ length: 80 }, (_, i) => ({
  logRatio: (i % 2 ? 1 : -1) * (i < 50 ? 0.02 : 0.2) * (0.5 + ((7 * i) % 10) / 10),
  difficulty: i < 50 ? easy : hard,
}))

describe('spread of predictions', () => {
  test('is wide where misses are, and 1 for the typical run', () => {
    const weights = fitSpread(runs)
    expect(spreadOf(weights, hard) / spreadOf(weights, easy)).toBeGreaterThan(4)
    expect(spreadOf(weights, easy)).toBeCloseTo(1, 9)
  })

  test('is hardly moved by a broken run', () => {
    const ratio = (all: typeof runs) => {
      const weights = fitSpread(all)
      return spreadOf(weights, hard) / spreadOf(weights, easy)
    }
    const broken = runs.map((run, i) => (i === 0 ? { ...run, logRatio: 2 } : run))
    expect(Math.abs(ratio(broken) / ratio(runs) - 1)).toBeLessThan(0.2)
  })

  test('covers easy and hard runs alike, where one width for all covers the easy ones only', () => {
    const weights = fitSpread(runs)
    const interval = intervalOf(runs.map((run) => run.logRatio / spreadOf(weights, run.difficulty)))
    const [low, high] = interval.map(Math.log)
    const missed = (some: typeof runs) =>
      some.filter((run) => {
        const ratio = run.logRatio / spreadOf(weights, run.difficulty)
        return ratio < low || ratio > high
      }).length / some.length
    expect(missed(runs.slice(0, 50))).toBeLessThan(0.2)
    expect(missed(runs.slice(50))).toBeLessThan(0.2)
  })
})

describe('interval of a run', () => {
  const calibration = {
    interval: [0.9, 1.2],
    pipelinedInterval: [0.8, 1.3],
    spread: { ...easy, bubble: 2 },
    isExact: true,
  } as unknown as Calibration

  test('is that of a typical run to the power of its spread', () => {
    expect(runInterval(calibration, easy, false)).toEqual([0.9, 1.2])
    expect(runInterval(calibration, hard, false)[0]).toBeCloseTo(0.81, 12)
    expect(runInterval(calibration, hard, true)[1]).toBeCloseTo(1.69, 12)
  })

  test('of a stand-in is never narrower than promised, and none is without end', () => {
    const narrow = { ...calibration, spread: { ...easy, base: 0.5 } }
    expect(runInterval(narrow, easy, false)[1]).toBeCloseTo(Math.sqrt(1.2), 12)
    expect(runInterval({ ...narrow, isExact: false }, easy, false)).toEqual([0.9, 1.2])
    const [low] = runInterval({ ...calibration, spread: { ...easy, base: 100 } }, easy, false)
    expect(low).toBeCloseTo(0.9 ** 4, 12)
  })

  test('without weights is the same for all', () => {
    const { spread: _spread, ...flat } = calibration
    expect(runInterval(flat, hard, false)).toEqual([0.9, 1.2])
  })
})
