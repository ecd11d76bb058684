import { describe, expect, test } from 'vitest'
import { formatActionCsv } from '../../../src/formats/actionCsv.js'
import { pipelineSchedule, verifySchedule } from '../../../src/schedule/pipeline/index.js'
import { simulateRun } from '../../../src/verbs/simulateRun.js'
import { predict, prepare, sampleRun, tables } from '../../helpers/runs.js'

/** The sample has 16 layers, 4 pipeline ranks, 2 data ranks and microbatches of 1. */
const run = (parallelism: object, globalBatch = 32) => sampleRun({ parallelism, training: { globalBatch } })

function chosen(parallelism: object, globalBatch?: number) {
  const { program, assumed } = prepare(run(parallelism, globalBatch))
  verifySchedule(program)
  return {
    name: program.name,
    stages: program.stages,
    why: assumed.filter((each) => /^(schedule|virtualStages)/.test(each)),
  }
}

describe('the program of a run', () => {
  test.each([
    [{}, '1f1b', 4],
    [{ virtualStages: 1 }, '1f1b', 4],
    [{ virtualStages: 2 }, 'interleaved-1f1b', 8],
    [{ schedule: '1F1B', virtualStages: 2 }, 'interleaved-1f1b', 8],
    [{ schedule: 'Interleaved1F1B', virtualStages: 4 }, 'interleaved-1f1b', 16],
    [{ schedule: 'GPipe' }, 'gpipe', 4],
    [{ schedule: 'LoopedBFS', virtualStages: 2 }, 'looped-bfs', 8],
    [{ schedule: 'zb1p' }, 'zb-h1', 4],
    [{ schedule: 'zb-h2' }, 'zb-h2', 4],
    [{ schedule: 'ZBVZeroBubble' }, 'zb-v', 8],
    [{ schedule: 'ZBVZeroBubble', virtualStages: 2 }, 'zb-v', 8],
    [{ schedule: 'InterleavedZeroBubble', virtualStages: 2 }, 'interleaved-zero-bubble', 8],
    [{ schedule: 'dualpipe' }, 'dualpipe', 8],
    [{ schedule: 'DualPipeV' }, 'dualpipe-v', 8],
    [{ schedule: 'gpipe', tp: 2, pp: 1, dp: 8 }, 'none', 1],
  ])('%j is %s with %i stages, as it says', (parallelism, name, stages) => {
    expect(chosen(parallelism)).toEqual({ name, stages, why: [] })
  })

  test.each([
    [
      'unequal rounds',
      { virtualStages: 2 },
      26,
      '1f1b',
      /^schedule 1f1b \(interleaved-1f1b needs microbatches in equal rounds/,
    ],
    [
      'too few layers',
      { virtualStages: 5 },
      32,
      '1f1b',
      'schedule 1f1b (interleaved-1f1b needs a layer for each of 20 stages)',
    ],
    [
      'stages unsaid',
      { schedule: 'interleaved-1f1b' },
      32,
      'interleaved-1f1b',
      'virtualStages 2 (usual of interleaved-1f1b)',
    ],
    [
      'one stage said',
      { schedule: 'interleaved-1f1b', virtualStages: 1 },
      32,
      '1f1b',
      'schedule 1f1b (interleaved-1f1b needs virtualStages above 1)',
    ],
    [
      'several stages',
      { schedule: 'zb-h1', virtualStages: 2 },
      32,
      'interleaved-zero-bubble',
      'schedule interleaved-zero-bubble (a rank holds 2 stages)',
    ],
    [
      'few microbatches',
      { schedule: 'dualpipe' },
      8,
      'zb-v',
      /^schedule zb-v \(dualpipe needs an even number of ranks/,
    ],
    ['a pipeline denied', { schedule: 'none' }, 32, '1f1b', 'schedule 1f1b (none needs 1 rank)'],
  ])('%s: the nearest schedule that runs, and why', (_, parallelism, globalBatch, name, why) => {
    const found = chosen(parallelism, globalBatch)
    expect(found.name).toBe(name)
    expect(found.why).toEqual([typeof why === 'string' ? why : expect.stringMatching(why)])
  })

  test.each([{ pp: 4 }, { pp: 1, dp: 8 }])(
    'an unknown name is an error that names its neighbours, %j',
    (parallelism) => {
      expect(() => prepare(run({ ...parallelism, schedule: '1f2b' }))).toThrow(
        expect.objectContaining({
          code: 'E604',
          problems: [expect.objectContaining({ found: '1f2b', fix: expect.stringContaining('1f1b') })],
        }),
      )
    },
  )

  test('predicts a step, a breakdown and a memory that fit the schedule', () => {
    const of = (schedule: string) => predict(run({ schedule }))
    const [gpipe, plain, zeroBubble, two] = ['gpipe', '1f1b', 'zb-h1', 'dualpipe'].map(of)
    expect(gpipe.stepSeconds).toBeCloseTo(plain.stepSeconds, 12)
    expect(gpipe.memory.activations).toBeGreaterThan(1.9 * plain.memory.activations)
    expect(zeroBubble.stepSeconds).toBeLessThan(plain.stepSeconds)
    expect(zeroBubble.peakBytesByStage[3]).toBeGreaterThan(plain.peakBytesByStage[3])
    expect(two.memory.optimizer).toBeGreaterThan(1.9 * plain.memory.optimizer)
    for (const { stepSeconds, breakdown } of [gpipe, plain, zeroBubble, two])
      expect(Object.values(breakdown).reduce((sum, part) => sum + part, 0)).toBeCloseTo(stepSeconds, 9)
  })
})

describe('a program that the run states', () => {
  const csv = (name: string, microbatches = 16) => formatActionCsv(pipelineSchedule(name, { ranks: 4, microbatches }))
  const lists = (text: string) =>
    text
      .trim()
      .split('\n')
      .map((line) => line.split(','))
  const stated = (name: string, more: object = {}) => ({ schedule: { actions: lists(csv(name)), ...more } })

  test.each(['1f1b', 'gpipe', 'zb-h1', 'zb-v', 'interleaved-1f1b', 'dualpipe-v'])(
    'is predicted as the schedule that writes the same, %s',
    (name) => {
      const { assumed: _, ...named } = predict(run({ schedule: name }))
      const { assumed, ...own } = predict(run(stated(name)))
      expect(own).toEqual(named)
      expect(assumed.join()).not.toMatch(/schedule|virtualStages/)
    },
  )

  test('may hold two copies of the model', () => {
    const { stageRank } = pipelineSchedule('dualpipe', { ranks: 4, microbatches: 16 })
    const own = predict(run(stated('dualpipe', { copies: 2, stageRank: [...stageRank] })))
    expect(own.stepSeconds).toBe(predict(run({ schedule: 'dualpipe' })).stepSeconds)
  })

  test('may stand in a file, opened by whoever may', () => {
    const references = { ...tables.references, text: (path: string) => (path === 'order.csv' ? csv('zb-h1') : '') }
    const own = simulateRun(run({ schedule: { actions: 'order.csv' } }), 'run', { ...tables, references })
    expect(own.stepSeconds).toBe(predict(run({ schedule: 'zb-h1' })).stepSeconds)
    expect(() => predict(run({ schedule: { actions: 'nowhere.csv' } }))).toThrow(
      expect.objectContaining({ code: 'E101' }),
    )
  })

  test.each([
    ['other ranks', { pp: 2, dp: 4, ...stated('1f1b') }, 64, 'E605', /of 4 ranks, the run has 2/],
    ['other microbatches', stated('1f1b'), 64, 'E605', /of 16 microbatches, the run has 32/],
    ['no action', { schedule: { actions: [['0F0', '0Q0']] } }, 32, 'E105', /not an action/],
    [
      'a missing backward',
      { schedule: { actions: [['0F0'], ['1F0', '1B0']] } },
      32,
      'E606',
      /IW of stage 0 .* missing/,
    ],
    ['a stage of nobody', { schedule: { actions: [['0F0', '0B0', '2F0']] } }, 32, 'E606', /stage 1 is run by no rank/],
  ])('%s: an error that says so', (_, parallelism, globalBatch, code, message) => {
    expect(() => predict(run(parallelism, globalBatch))).toThrow(
      expect.objectContaining({ code, message: expect.stringMatching(message) }),
    )
  })
})

describe('transfers between stages', () => {
  /** Two hosts of 4 devices, two pipeline ranks each: 1 and 2 are on different hosts. */
  const placed = (schedule: string, interHostBytesPerSecond: number) =>
    predict(
      sampleRun({
        model: { seq: 8192 },
        cluster: { devices: 8, devicesPerHost: 4, intraHostBytesPerSecond: 3e11, interHostBytesPerSecond },
        parallelism: { tp: 2, pp: 4, dp: 1, schedule },
        training: { globalBatch: 32 },
      }),
    ).stepSeconds

  test.each(['1f1b', 'zb-v', 'dualpipe', 'dualpipe-v'])('of %s cross hosts where its stages do', (schedule) => {
    expect(placed(schedule, 1e9)).toBeGreaterThan(1.02 * placed(schedule, 1e11))
  })
})
