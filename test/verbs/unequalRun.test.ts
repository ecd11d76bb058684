import { describe, expect, test } from 'vitest'
import { simulateRun } from '../../src/verbs/simulateRun.js'
import { predict, sampleRun, tables } from '../helpers/runs.js'

describe('a run with stragglers', () => {
  const run = sampleRun({ parallelism: { tp: 4, pp: 1, dp: 4 } })

  test('takes longer, says how much of it could be won back, and by what', () => {
    const equal = predict(run)
    const { stepSeconds, stragglers } = predict({ ...run, stragglers: { speeds: { 5: 0.5 } } })
    expect(stragglers?.equalStepSeconds).toBe(equal.stepSeconds)
    expect(stragglers?.slowest).toEqual({ device: 5, speed: 0.5 })
    expect(stepSeconds).toBeGreaterThan(1.5 * equal.stepSeconds)
    const { reshareBatch, gradientCoding } = stragglers!
    expect(reshareBatch?.stepSeconds).toBeLessThan(0.75 * stepSeconds)
    expect(reshareBatch?.microbatchesByReplica).toHaveLength(4)
    expect(reshareBatch?.microbatchesByReplica.reduce((sum, each) => sum + each, 0)).toBe(64)
    expect(gradientCoding?.tolerated).toBe(1)
  })

  test('is the same run when all its devices are as fast as their kind', () => {
    const { stragglers, ...prediction } = predict({ ...run, stragglers: { speeds: { 5: 1 } } })
    expect(prediction).toEqual(predict(run))
    expect(stragglers?.reshareBatch?.microbatchesByReplica).toEqual([16, 16, 16, 16])
  })

  test('a device that is not there, or no speed at all, is refused', () => {
    expect(() => predict({ ...run, stragglers: { speeds: { 16: 0.5 } } })).toThrow(
      expect.objectContaining({ code: 'E608' }),
    )
    expect(() => predict({ ...run, stragglers: { speeds: { 5: 0 } } })).toThrow(
      expect.objectContaining({ code: 'E105' }),
    )
  })
})

test('a run played rank by rank takes the predicted step; shared links never shorten it', () => {
  for (const parallelism of [
    {},
    { tp: 1, pp: 4, dp: 4 },
    { tp: 2, pp: 2, dp: 4, zeroStage: 1 },
    { tp: 1, pp: 1, dp: 16, fsdp: true },
  ]) {
    const { stepSeconds, unfolded } = simulateRun(sampleRun({ parallelism }), 'run', tables, { unfold: true })
    expect(unfolded?.stepSeconds).toBe(stepSeconds)
    expect(unfolded?.ranks).toBe(16)
    expect(unfolded?.sharedLinksStepSeconds).toBeGreaterThan(stepSeconds * (1 - 1e-9))
  }
})

test('a run with stragglers played rank by rank takes the predicted step too', () => {
  const run = { ...sampleRun(), stragglers: { speeds: { 5: 0.7 }, spread: { sigma: 0.05, seed: 3 } } }
  const { stepSeconds, unfolded } = simulateRun(run, 'run', tables, { unfold: true })
  expect(unfolded?.stepSeconds).toBe(stepSeconds)
})
