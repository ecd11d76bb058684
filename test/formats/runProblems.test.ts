import { describe, expect, it, test } from 'vitest'
import { UserError } from '../../src/errors/index.js'
import { simulateLine } from '../../src/verbs/simulateBatch.js'
import { predict, sampleRun, tables } from '../helpers/runs.js'

const problemsOf = (value: unknown) => {
  try {
    predict(value)
  } catch (error) {
    if (error instanceof UserError) return error.problems
    throw error
  }
  return []
}

describe('a wrong field of a run', () => {
  const cases: readonly (readonly [change: object, where: string, expected: string, fix?: RegExp])[] = [
    [{ model: 3 }, '/model', 'the name of a model, a path, or its fields'],
    [{ cluster: [1] }, '/cluster', 'a cluster such as { "device": "h100", "devices": 16 }, or its name'],
    [{ id: {} }, '/id', 'text in double quotes or a number'],
    [{ stack: '' }, '/stack', 'text that is not empty'],
    [{ model: { layers: 'x', hidden: 3 } }, '/model/layers', 'a number'],
    [{ training: { globalBatch: 0 } }, '/training/globalBatch', 'a number of at least 1'],
    [{ training: { globalBatch: 1.5 } }, '/training/globalBatch', 'a whole number'],
    [
      { training: { globalBatch: 8, precision: 'bf17' } },
      '/training/precision',
      'one of fp32, tf32, fp16, bf16, fp8, mxfp8, nvfp4',
      /mean bf16/,
    ],
    [{ parallelism: { zeroStage: 7 } }, '/parallelism/zeroStage', '0, 1, 2 or 3'],
    [{ parallelism: { fsdp: 'yes' } }, '/parallelism/fsdp', 'true or false or an object'],
    [{ parallelism: { fsdp: { loss: 'x' } } }, '/parallelism/fsdp/loss', 'one of ce-fp32, ce-bf16, mean'],
    [
      { parallelism: { fsdp: { prefetch: 'all' } } },
      '/parallelism/fsdp/prefetch',
      'implicit, or explicit:N with N from 1 to 1000',
    ],
  ]
  for (const [change, where, expected, fix] of cases)
    it(`${JSON.stringify(change)} is told at ${where}`, () => {
      const [problem] = problemsOf({ ...sampleRun(), ...change })
      expect(problem).toMatchObject({ code: 'E105', where: `run#${where}`, expected })
      if (fix) expect(problem.fix).toMatch(fix)
      expect(JSON.stringify(problem)).not.toMatch(/Invalid|Too small|received/)
    })

  it('says the same in a batch, with what was expected and found', () => {
    const wrong = simulateLine(JSON.stringify({ ...sampleRun(), stack: '' }), 7, 'runs.jsonl', tables)
    expect(wrong.error).toEqual({
      ...{ code: 'E105', message: '/stack is wrong', where: 'runs.jsonl:7#/stack' },
      ...{ expected: 'text that is not empty', found: '""' },
    })
    const collective = simulateLine('{"collective":"zzzzzzzzzz"}', 8, 'runs.jsonl', tables)
    expect(collective.error).not.toHaveProperty('fix')
  })
})

test.each([
  [{ interHostBytesPerSecond: 1e-300 }, '/interHostBytesPerSecond'],
  [{ intraHostBytesPerSecond: 400 }, '/intraHostBytesPerSecond'],
  [{ observedAllReduceBytesPerSecond: 1e-3 }, '/observedAllReduceBytesPerSecond'],
])('a rate that is a slip of units is refused: %j', (cluster, pointer) => {
  expect(problemsOf(sampleRun({ cluster }))).toMatchObject([
    { code: 'E105', where: `run#/cluster${pointer}`, fix: expect.stringContaining('bytes a second') },
  ])
})

test('so are links of a cluster in place', () => {
  const hosts = (link: object) => [{ count: 2, devices: { kind: 'h100', count: 8 }, interconnect: fast, network: link }]
  const fast = { topology: 'switch', bytesPerSecond: 4e11, latencySeconds: 1e-6 }
  const run = (link: object) => ({ ...sampleRun(), cluster: { hosts: hosts(link) } })
  expect(problemsOf(run({ bytesPerSecond: 1e-3, latencySeconds: 0 }))[0].where).toMatch(/network\/bytesPerSecond$/)
  expect(problemsOf(run({ bytesPerSecond: 1e9, latencySeconds: 11 }))[0].fix).toContain('5e-6')
  expect(problemsOf(run({ bytesPerSecond: 1e9, latencySeconds: 1 }))).toEqual([])
})

describe('degrees that do not fit', () => {
  it('are mended by whole numbers', () => {
    expect(problemsOf(sampleRun({ parallelism: { tp: 3, dp: 8, pp: 1 } }))[0].fix).toMatch(
      /product divides 16: 3 does not/,
    )
    expect(problemsOf(sampleRun({ parallelism: { dp: 8 } }))[0].fix).toBe('leave dp out, or take dp 2')
  })

  it('and schedules have a pointer', () => {
    expect(problemsOf(sampleRun({ parallelism: { schedule: '1f2b' } }))).toMatchObject([
      { code: 'E604', where: 'run#/parallelism/schedule', fix: expect.stringContaining('1f1b') },
    ])
  })
})

describe('keys that mean nothing', () => {
  it('are warned of with what was meant, at any depth', () => {
    const { warnings } = predict({
      ...sampleRun({
        model: { hiden: 1 },
        cluster: { deviceMemory: 1 },
        training: { microBatch: 4 },
        parallelism: { pipeline: 4, globalBatch: 4, fsdp: { reshard: true } },
      }),
      tp: 2,
    })
    expect(warnings).toEqual([
      'run#/model/hiden is ignored: did you mean hidden?',
      'run#/cluster/deviceMemory is ignored: did you mean device?',
      'run#/training/microBatch is ignored: did you mean microbatch?',
      'run#/parallelism/pipeline is ignored',
      'run#/parallelism/globalBatch is ignored: globalBatch belongs into training',
      'run#/parallelism/fsdp/reshard is ignored: did you mean reshardAfterForward?',
      'run#/tp is ignored: tp belongs into parallelism',
    ])
  })

  it('stand in the answers of a batch', () => {
    const line = simulateLine(JSON.stringify({ ...sampleRun(), tp: 2 }), 1, 'runs.jsonl', tables)
    expect(line.warnings).toEqual(['runs.jsonl:1#/tp is ignored: tp belongs into parallelism'])
  })

  it('are none in runs that are right, measured ones too', () => {
    expect(predict({ ...sampleRun(), measured: { stepSeconds: 1 }, flags: ['x'] })).not.toHaveProperty('warnings')
    expect(predict({ ...sampleRun(), model: 'llama3-8b', cluster: 'a100x16' })).not.toHaveProperty('warnings')
  })
})
