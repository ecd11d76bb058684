import { describe, expect, test } from 'vitest'
import { liveMicrobatches, pipelineSchedule, playSchedule } from '../../../src/schedule/pipeline/index.js'
import { isPossible } from './isPossible.js'

const times = [
  [1, 1, 1],
  [2, 2, 1],
  [1, 2, 1],
  [2, 1, 1],
  [1, 2, 2],
  [3, 2, 1],
] as const

/** How far a schedule's makespan is above the best of all orders that hold no more on any rank, for each of `times`. */
function excess(name: string, p: number, m: number, v = 1): number[] {
  const schedule = pipelineSchedule(name, { ranks: p, chunks: v, microbatches: m })
  const isSplit = name.startsWith('zb') || name.endsWith('zero-bubble')
  const limits = [...liveMicrobatches(schedule).ofRank]
  return times.map(([forward, input, weight]) => {
    const { makespanTicks } = playSchedule(schedule, { forward, input, weight })
    const passes = isSplit ? { forward, input, weight } : { forward, input: input + weight, weight: 0 }
    const freedom = { stageRank: schedule.stageRank, microbatches: m, ...passes, limits }
    let best = makespanTicks + 1
    while (isPossible(freedom, best - 1)) best--
    return makespanTicks - best
  })
}

const none = times.map(() => 0)

describe('no order within the same memory is faster', () => {
  test.each([
    ['gpipe', 2, 3],
    ['gpipe', 3, 3],
    ['gpipe', 4, 3],
    ['1f1b', 2, 4],
    ['1f1b', 3, 2],
    ['1f1b', 3, 4],
    ['1f1b', 4, 3],
    ['1f1b', 4, 4],
    ['zb-h1', 2, 4],
    ['zb-h1', 3, 2],
    ['zb-h1', 3, 4],
    ['zb-h2', 2, 3],
    ['zb-h2', 2, 4],
    ['zb-h2', 3, 5],
    ['zb-v', 2, 3],
    ['interleaved-1f1b', 2, 4, 2],
    ['interleaved-1f1b', 3, 3, 2],
    ['interleaved-zero-bubble', 2, 2, 2],
  ])('than %s on %i ranks with %i microbatches', (name, p, m, v?: number) => {
    expect(excess(name, p, m, v ?? (name === 'zb-v' ? 2 : 1))).toEqual(none)
  })

  test('and 1F1B would gain nothing if every rank might hold as much as the first', () => {
    for (const [p, m] of [
      [2, 4],
      [3, 4],
      [4, 4],
    ]) {
      const { makespanTicks, stageRank, limits } = oneForwardOneBackward(p, m)
      const freedom = { stageRank, microbatches: m, forward: 2, input: 3, weight: 0, limits }
      expect(isPossible(freedom, makespanTicks)).toBe(true)
      expect(isPossible(freedom, makespanTicks - 1)).toBe(false)
    }
  })
})

function oneForwardOneBackward(p: number, m: number) {
  const schedule = pipelineSchedule('1f1b', { ranks: p, microbatches: m })
  const { makespanTicks } = playSchedule(schedule, { forward: 2, input: 2, weight: 1 })
  return { makespanTicks, stageRank: schedule.stageRank, limits: new Array<number>(p).fill(p) }
}

// Where the published orders are not the best: with too few microbatches to fill them.
test.each([
  ['zb-h2', 3, 3, 1, [1, 0, 0, 1, 0, 0]],
  ['zb-v', 2, 2, 2, [1, 2, 2, 1, 2, 2]],
  ['interleaved-zero-bubble', 2, 3, 2, [0, 1, 1, 0, 1, 1]],
])('%s on %i ranks with %i microbatches is not the fastest', (name, p, m, v, expected) => {
  expect(excess(name, p, m, v)).toEqual(expected)
})
