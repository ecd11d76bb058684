import * as fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { UserError } from '../../../src/errors/index.js'
import {
  actionLists,
  type PipelineSchedule,
  packAction,
  pipelineSchedule,
  pipelineScheduleNames,
  playSchedule,
  verifySchedule,
} from '../../../src/schedule/pipeline/index.js'
import { slowPlay } from './slowPlay.js'

/** Any schedule of any shape for which it exists. */
const schedules = fc
  .record({
    name: fc.constantFrom(...pipelineScheduleNames),
    ranks: fc.integer({ min: 1, max: 6 }),
    chunks: fc.integer({ min: 1, max: 3 }),
    microbatches: fc.integer({ min: 1, max: 16 }),
  })
  .map(({ name, ...shape }) => {
    try {
      return pipelineSchedule(name, shape)
    } catch (error) {
      expect((error as UserError).code).toBe('E605')
      return undefined
    }
  })
  .filter((schedule) => schedule !== undefined)

const tick = fc.integer({ min: 1, max: 9 })
const ticks = fc.record({
  forward: tick,
  input: tick,
  weight: tick,
  pair: fc.option(tick, { nil: undefined }),
  hop: fc.nat(4),
})

describe('every schedule', () => {
  test('of every shape is a step that can run', () => {
    fc.assert(fc.property(schedules, (schedule) => verifySchedule(schedule)))
  })

  test('is played as its definition says', () => {
    fc.assert(
      fc.property(schedules, ticks, (schedule, times) => {
        const timed = slowPlay(schedule, times)
        const { startTicks, endTicks, makespanTicks } = playSchedule(schedule, times)
        for (let rank = 0; rank < schedule.ranks; rank++) {
          const own = timed.filter((each) => each.rank === rank)
          expect(startTicks[rank]).toBe(Math.min(...own.map(({ start }) => start)))
          expect(endTicks[rank]).toBe(Math.max(...own.map(({ end }) => end)))
        }
        expect(makespanTicks).toBe(Math.max(...timed.map(({ end }) => end)))
      }),
    )
  })

  test('takes times of each stage', () => {
    const schedule = pipelineSchedule('1f1b', { ranks: 2, microbatches: 2 })
    const played = playSchedule(schedule, { forward: [1, 4], input: [2, 5], weight: [3, 6] })
    // Rank 1 works without a break from the end of the first forward, and rank 0 ends with the last backward.
    expect([...played.busyTicks]).toEqual([12, 30])
    expect([...played.startTicks]).toEqual([0, 1])
    expect([...played.endTicks]).toEqual([36, 31])
    expect(played.spanTicks).toBe(36)
    expect(played.bubbleTicks).toBe(6)
  })
})

describe('names and shapes', () => {
  const refusal = (run: () => unknown) => {
    try {
      run()
    } catch (error) {
      return (error as UserError).problems[0]
    }
    throw new Error('not refused')
  }

  test.each([
    ['1F1B', '1f1b'],
    ['Interleaved1F1B', 'interleaved-1f1b'],
    ['ScheduleInterleavedZeroBubble', 'interleaved-zero-bubble'],
    ['ZBVZeroBubble', 'zb-v'],
    ['zb1p', 'zb-h1'],
    ['ZB_2P', 'zb-h2'],
    ['DualPipeV', 'dualpipe-v'],
    ['Looped BFS', 'looped-bfs'],
  ])('%s is %s', (synonym, name) => {
    expect(pipelineSchedule(synonym, { ranks: 4, microbatches: 8 }).name).toBe(name)
  })

  test('no name stands for two schedules', () => {
    for (const name of pipelineScheduleNames)
      expect(pipelineSchedule(name, { ranks: name === 'none' ? 1 : 2, microbatches: 4 }).name).toBe(name)
  })

  test('an unknown name is E604 and near names are told', () => {
    const problem = refusal(() => pipelineSchedule('1f1', { ranks: 2, microbatches: 2 }))
    expect(problem).toMatchObject({ code: 'E604', found: '1f1' })
    expect(problem.fix).toContain('1f1b')
  })

  test.each([
    ['interleaved-1f1b', { ranks: 4, microbatches: 9 }, 'a multiple of 2'],
    ['dualpipe', { ranks: 3, microbatches: 8 }, 'an even number of ranks'],
    ['dualpipe', { ranks: 4, microbatches: 6 }, 'at least twice the ranks'],
    ['dualpipe-v', { ranks: 4, microbatches: 7 }, 'at least 8 microbatches'],
    ['none', { ranks: 2, microbatches: 1 }, '1 rank'],
    ['zb-v', { ranks: 2, chunks: 3, microbatches: 4 }, '2'],
    ['1f1b', { ranks: 2, microbatches: 0 }, 'a whole number from 1 on'],
    ['1f1b', { ranks: 65_536, microbatches: 65_536 }, 'stages x microbatches'],
  ])('%s of %o is E605 and says what would do', (name, shape, expected) => {
    const problem = refusal(() => pipelineSchedule(name, shape))
    expect(problem.code).toBe('E605')
    expect(problem.expected).toContain(expected)
  })
})

describe('verifySchedule', () => {
  const good = pipelineSchedule('zb-h1', { ranks: 2, microbatches: 3 })
  const changed = (change: (lists: ReturnType<typeof actionLists>) => void): PipelineSchedule => {
    const lists = actionLists(good)
    change(lists)
    return { ...good, actions: lists.map((list) => Int32Array.from(list, (each) => packAction(each, 3))) }
  }
  const problemsOf = (schedule: PipelineSchedule) => {
    try {
      verifySchedule(schedule)
    } catch (error) {
      if (error instanceof UserError) return error.problems.map(({ code, message }) => `${code} ${message}`)
      throw error
    }
    return []
  }

  test.each<[string, (lists: ReturnType<typeof actionLists>) => void, string]>([
    ['a missing action', (lists) => lists[0].pop(), 'E606 W of stage 0 and microbatch 2 is missing'],
    ['an action run twice', (lists) => lists[1].push(lists[1][0]), 'E606 1F0 runs twice'],
    ['W before I', (lists) => lists[0].unshift(lists[0].pop()!), 'E606 0W2 runs before its forward'],
    ['another rank', (lists) => lists[0].push(lists[1].pop()!), 'E606 1W2 is on rank 0, but stage 1 on rank 1'],
    ['B beside I', (lists) => lists[0].push({ kind: 'B', stage: 0, microbatch: 2 }), 'E606 0B2 runs twice'],
    [
      'a pair of two forwards',
      (lists) => lists[0].splice(0, 1, { ...lists[0][0], paired: true }),
      'E606 0F0 is paired, but is not a forward that a whole backward follows',
    ],
    [
      'a pass that does not exist',
      (lists) => lists[0].push({ kind: 'F', stage: 2, microbatch: 0 }),
      'E606 2F0 does not exist: there are 2 stages and 3 microbatches',
    ],
  ])('finds %s', (_, change, message) => {
    expect(problemsOf(good)).toEqual([])
    expect(problemsOf(changed(change))).toContain(message)
  })

  test('names the ranks that wait for one another', () => {
    const schedule = changed((lists) => {
      // Rank 0 wants the gradient of microbatch 0 before it sends microbatch 1 forward; rank 1 wants that one first.
      lists[0] = ['F0', 'I0', 'W0', 'F1', 'I1', 'W1', 'F2', 'I2', 'W2'].map(read(0))
      lists[1] = ['F0', 'F1', 'I0', 'I1', 'W0', 'W1', 'F2', 'I2', 'W2'].map(read(1))
    })
    expect(problemsOf(schedule)).toEqual([
      'E801 2 of 2 ranks wait for one another for ever',
      'E801 rank 0 cannot run 0I0: it waits for 1I0 of rank 1',
      'E801 rank 1 cannot run 1F1: it waits for 0F1 of rank 0',
    ])
  })

  test('keeps the copies of DualPipe apart', () => {
    const dual = pipelineSchedule('dualpipe', { ranks: 2, microbatches: 4 })
    expect(problemsOf({ ...dual, copies: 1 }).length).toBeGreaterThan(0)
  })
})

const read = (stage: number) => (text: string) => ({
  kind: text[0] as 'F' | 'I' | 'W',
  stage,
  microbatch: Number(text[1]),
})
