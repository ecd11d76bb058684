import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { deviceSlowness } from '../../../src/model/index.js'
import { runLength } from '../../../src/simulate/run/index.js'
import { straggle } from '../../../src/simulate/run/stragglers.js'
import { kindOf, works } from '../../../src/simulate/run/workKinds.js'
import { prepare, sampleRun } from '../../helpers/runs.js'

/** Passes of 2 ms and 4 ms, an optimizer of 1 ms, nothing else: what the effect of a slow device can be worked out from. */
function simpleSeconds(stages: number) {
  const seconds = new Float64Array(stages * works.length)
  for (let stage = 0; stage < stages; stage++) {
    seconds[kindOf(stage, 'forward')] = 0.002
    seconds[kindOf(stage, 'backward')] = 0.004
    seconds[kindOf(stage, 'input-gradient')] = 0.002
    seconds[kindOf(stage, 'weight-gradient')] = 0.002
    seconds[kindOf(stage, 'optimizer')] = 0.001
  }
  return seconds
}

function effect(parallelism: object, speeds: Record<string, number>, change: object = {}) {
  const prepared = prepare(sampleRun({ ...change, parallelism }))
  const slowness = deviceSlowness({ speeds }, prepared.cluster.devices, 'run#/stragglers')
  return straggle(prepared, simpleSeconds(prepared.stages.length), slowness)
}

const ms = (ticks: number | undefined) => (ticks ?? Number.NaN) / 1e9

describe('a slow device', () => {
  // 64 sequences over 4 replicas: 16 microbatches each, 96 ms of passes.
  const replicas = { tp: 4, pp: 1, dp: 4, zeroStage: 0 }

  test('holds up its replica, and so the step', () => {
    const { ticks, equalTicks, slowest } = effect(replicas, { 5: 0.5 })
    expect(ms(equalTicks)).toBe(97)
    expect(ms(ticks)).toBe(16 * 12 + 2)
    expect(slowest).toEqual({ device: 5, speed: 0.5 })
  })

  test('is worth less of the batch: 9 microbatches of 12 ms against 18 or 19 of 6 ms', () => {
    const { reshared } = effect(replicas, { 5: 0.5 })
    expect(reshared?.microbatches.reduce((sum, each) => sum + each, 0)).toBe(64)
    expect(reshared?.microbatches[1]).toBe(9)
    expect(ms(reshared?.ticks)).toBe(19 * 6 + 2)
  })

  test('need not be waited for when every replica does the work of two', () => {
    const { coded } = effect(replicas, { 5: 0.1 })
    expect(coded).toEqual({ ticks: 1e9 * (2 * 96 + 1), tolerated: 1 })
  })

  test('of a pipeline slows its stage, not the others', () => {
    // Stage 1 of 4 takes 12 ms for each of 32 microbatches; before them stage 0 runs 2 ms, after three forwards it waits 4 ms for its first
    // gradient (at 2 + 4 + 2 + 2 + 4 + 4 = 18), and stage 0 has the last 4 ms.
    const { ticks } = effect({ tp: 2, pp: 4, dp: 2 }, { 4: 0.5 })
    expect(ms(ticks)).toBe(2 + 32 * 12 + 4 + 4 + 2)
  })

  test('of a fully sharded run is met in every pass: no replica runs ahead', () => {
    const { ticks, reshared, coded } = effect({ tp: 1, pp: 1, dp: 16, fsdp: true }, { 5: 0.5 })
    expect(ms(ticks)).toBe(4 * 12 + 2)
    expect([reshared, coded]).toEqual([undefined, undefined])
  })

  test.each(['interleaved-1f1b', 'zb-h1', 'zb-v', 'dualpipe'])('%s gives way to equal devices', (schedule) => {
    const prepared = prepare(sampleRun({ parallelism: { tp: 2, pp: 4, dp: 2, schedule } }))
    const seconds = simpleSeconds(prepared.stages.length)
    const { ticks, equalTicks, reshared } = straggle(prepared, seconds, new Float64Array(16).fill(1))
    expect([ticks, equalTicks, reshared?.ticks]).toEqual(new Array(3).fill(runLength(prepared)(seconds)))
  })
})

test('the slower any device, the later the step; a new share of the batch never makes it later', () => {
  const speed = fc.integer({ min: 2, max: 10 }).map((tenths) => tenths / 10)
  fc.assert(
    fc.property(fc.array(speed, { minLength: 16, maxLength: 16 }), fc.nat(15), (speeds, device) => {
      const of = (each: readonly number[]) =>
        effect({ tp: 2, pp: 2, dp: 4 }, Object.fromEntries(each.map((one, k) => [k, one])))
      const before = of(speeds)
      const after = of(speeds.map((each, k) => (k === device ? each / 2 : each)))
      expect(after.ticks).toBeGreaterThanOrEqual(before.ticks)
      expect(before.reshared?.ticks).toBeLessThanOrEqual(before.ticks)
      expect(before.ticks).toBeGreaterThanOrEqual(before.equalTicks)
    }),
    { numRuns: 30 },
  )
})

describe('speeds', () => {
  test('are drawn from the seed and the device alone, about the kind', () => {
    const drawn = deviceSlowness({ speeds: {}, spread: { sigma: 0.1, seed: 7 } }, 4096, 'x')
    const logs = Array.from(drawn, Math.log)
    const mean = logs.reduce((sum, each) => sum + each, 0) / logs.length
    const deviation = Math.sqrt(logs.reduce((sum, each) => sum + (each - mean) ** 2, 0) / logs.length)
    expect(Math.abs(mean)).toBeLessThan(0.005)
    expect(deviation).toBeGreaterThan(0.095)
    expect(deviation).toBeLessThan(0.105)
    expect(new Set(drawn).size).toBe(4096)
    const fewer = deviceSlowness({ speeds: { 3: 0.5 }, spread: { sigma: 0.1, seed: 7 } }, 8, 'x')
    expect(fewer[2]).toBe(drawn[2])
    expect(fewer[3]).toBe(2 * drawn[3])
  })

  test('of a device that is not there are E608', () => {
    expect(() => deviceSlowness({ speeds: { 16: 0.5 } }, 16, 'run#/stragglers')).toThrow(
      expect.objectContaining({ code: 'E608' }),
    )
  })
})
