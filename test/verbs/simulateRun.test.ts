import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { parameterCount } from '../../src/model/index.js'
import { simulateLine } from '../../src/verbs/simulateBatch.js'
import { simulateRun } from '../../src/verbs/simulateRun.js'
import { predict, prepare, sampleRun, tables } from '../helpers/runs.js'

describe('prediction of a training run', () => {
  it('adds up: the parts of the step and of the memory', () => {
    const { stepSeconds, breakdown, peakBytes, peakBytesByStage, memory } = predict(sampleRun())
    const sum = Object.values(breakdown).reduce((total, part) => total + part, 0)
    expect(sum).toBeCloseTo(stepSeconds, 9)
    expect(Math.max(...peakBytesByStage)).toBe(peakBytes)
    expect(Object.values(memory).reduce((total: number, part) => total + (part as number), 0)).toBeCloseTo(
      peakBytes,
      -1,
    )
  })

  it('puts the step inside its interval and says what it assumed', () => {
    const { stepSeconds, stepSecondsInterval, assumed } = predict(sampleRun({ training: { microbatch: null } }))
    expect(stepSecondsInterval[0]).toBeLessThan(stepSeconds)
    expect(stepSecondsInterval[1]).toBeGreaterThan(stepSeconds)
    expect(assumed).toContain('microbatch 1 (none is given)')
  })

  it('holds at least weights, gradients and optimizer state of the fullest stage', () => {
    const run = sampleRun()
    const { peakBytes } = predict(run)
    const { total } = parameterCount(prepare(run).run.model)
    expect(peakBytes).toBeGreaterThan((18 * total) / 2 / 4)
  })

  it('is never slower with faster links, devices or memory, and never faster with more work', () => {
    fc.assert(
      fc.property(
        fc.constantFrom([1, 1, 16], [2, 4, 2], [8, 2, 1], [4, 1, 4], [2, 2, 4]),
        fc.constantFrom('none', 'selective', 'full'),
        fc.boolean(),
        fc.double({ min: 1, max: 8, noNaN: true }),
        ([tp, pp, dp], recompute, fullyShard, factor) => {
          const parallelism = { tp, pp, dp, zeroStage: fullyShard && pp === 1 ? 3 : 0, fsdp: fullyShard && pp === 1 }
          const links = { intraHostBytesPerSecond: 3e11, interHostBytesPerSecond: 1e11 }
          const run = (cluster: object, globalBatch = 64) =>
            predict(sampleRun({ cluster: { ...links, ...cluster }, training: { recompute, globalBatch }, parallelism }))
              .stepSeconds
          const plain = run({})
          expect(run({ interHostBytesPerSecond: 1e11 * factor })).toBeLessThanOrEqual(plain)
          expect(run({ intraHostBytesPerSecond: 3e11 * factor })).toBeLessThanOrEqual(plain)
          expect(run({}, 128)).toBeGreaterThan(plain)
        },
      ),
      { numRuns: 60 },
    )
  })

  it('knows a cluster by preset and a model by name, as a file by path would be', () => {
    const { fits, stepSeconds } = predict({
      model: 'llama3-8b',
      cluster: '2xh100x8',
      training: { globalBatch: 64, microbatch: 1, seq: 8192, precision: 'bf16' },
      parallelism: { dp: 16, fsdp: true },
    })
    expect(fits).toBe(true)
    expect(stepSeconds).toBeGreaterThan(1)
    expect(stepSeconds).toBeLessThan(30)
  })

  it('takes the closest calibration and says which', () => {
    expect(predict(sampleRun()).calibration).toBe('megatron-lm-2022 on A100-SXM4-80GB')
    const unknown = predict(sampleRun({ stack: 'my-own-megatron' }))
    expect(unknown.calibration).toContain('megatron')
    expect(unknown.assumed.join()).toContain('my-own-megatron was not measured')
    const width = ({ stepSeconds, stepSecondsInterval: [low, high] }: typeof unknown) => (high - low) / stepSeconds
    expect(width(unknown)).toBeGreaterThan(width(predict(sampleRun())))
  })

  it('says what cannot be had as it stands', () => {
    const { assumed } = predict(
      sampleRun({ training: { globalBatch: 33, optimizer: 'zzz' }, parallelism: { tp: 1, pp: 1, dp: 16, ep: 4 } }),
    )
    expect(assumed.filter((each) => /^(no experts|whole microbatches|optimizer adamw)/.test(each))).toHaveLength(3)
    expect(predict(sampleRun()).assumed.join()).not.toMatch(/in parts|whole microbatches|is not known/)
  })

  it('predicts the sequences that really run, and counts their FLOPs alone', () => {
    const of = (globalBatch: number) =>
      predict(sampleRun({ training: { globalBatch, microbatch: 4 }, parallelism: { tp: 1, pp: 1, dp: 16 } }))
    const [uneven, even] = [of(96), of(128)]
    expect(uneven.stepSeconds).toBe(even.stepSeconds)
    expect(uneven.mfu).toBe(even.mfu)
    expect(uneven.assumed).toContain('whole microbatches: 128 sequences a step (96 over dp 16 are not of 4)')
    expect(even.assumed.join()).not.toContain('whole microbatches')
  })

  it('spends no bubble without a pipeline and more with fewer microbatches', () => {
    const share = (pp: number, dp: number, globalBatch: number) => {
      const { breakdown, stepSeconds } = predict(sampleRun({ training: { globalBatch }, parallelism: { pp, dp } }))
      return breakdown.bubble / stepSeconds
    }
    expect(share(1, 8, 64)).toBeLessThan(0.02)
    expect(share(4, 2, 16)).toBeGreaterThan(share(4, 2, 128))
  })
})

describe('a line of a batch', () => {
  const line = (text: string) => simulateLine(text, 3, 'runs.jsonl', tables)

  it('keeps its id, or takes the number of the line', () => {
    expect(line(JSON.stringify(sampleRun())).id).toBe('sample')
    const { id: _id, ...nameless } = sampleRun()
    expect(line(JSON.stringify(nameless)).id).toBe(3)
  })

  it('answers a wrong line with what is wrong and goes on', () => {
    expect(line('{')).toMatchObject({ id: 3, error: { code: 'E104' } })
    expect(line('[]')).toMatchObject({ id: 3, error: { code: 'E105' } })
    const wrong = line(JSON.stringify(sampleRun({ parallelism: { tp: 5 } })))
    expect(wrong).toMatchObject({ id: 'sample', error: { code: 'E603', where: 'runs.jsonl:3#/parallelism' } })
    const device = line(JSON.stringify(sampleRun({ cluster: { device: 'A101' } })))
    expect(device).toMatchObject({ error: { code: 'E501' } })
  })
})

it('refuses to play a run rank by rank that would take minutes', () => {
  const [cluster, training, parallelism] = [
    '100000xh100x8',
    { globalBatch: 1_000_000, microbatch: 1 },
    { tp: 8, pp: 8, dp: 12500 },
  ]
  const run = { model: 'llama3-8b', cluster, training, parallelism }
  expect(simulateRun(run, 'run', tables).stepSeconds).toBeGreaterThan(0)
  expect(() => simulateRun(run, 'run', tables, { unfold: true })).toThrow(/too large to be played rank by rank/)
})
