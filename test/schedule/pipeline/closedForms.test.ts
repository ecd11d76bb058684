import { describe, expect, test } from 'vitest'
import {
  liveMicrobatches,
  pipelineSchedule,
  playSchedule,
  type ScheduleTicks,
} from '../../../src/schedule/pipeline/index.js'

interface Case {
  readonly p: number
  readonly m: number
  readonly v: number
  /** Times of one stage: of a rank's work on a microbatch where it has one stage, of 1/v of it where it has v. */
  readonly f: number
  readonly i: number
  readonly w: number
}

interface ClosedForm {
  readonly name: string
  readonly chunks: readonly number[]
  readonly holds: (c: Case) => boolean
  readonly bubble: (c: Case) => number
}

/** The bubbles of docs/pipeline-schedules.md. Those of PyTorch's and the papers' tables, with the condition under which they are exact. */
const forms: readonly ClosedForm[] = [
  { name: 'gpipe', chunks: [1], holds: () => true, bubble: ({ p, f, i, w }) => (p - 1) * (f + i + w) },
  { name: '1f1b', chunks: [1], holds: () => true, bubble: ({ p, f, i, w }) => (p - 1) * (f + i + w) },
  {
    name: 'interleaved-1f1b',
    chunks: [1, 2, 3, 4],
    holds: ({ p, m }) => m % p === 0,
    bubble: ({ p, f, i, w }) => (p - 1) * (f + i + w),
  },
  {
    name: 'looped-bfs',
    chunks: [1, 2, 3],
    holds: ({ p, m }) => m >= p,
    bubble: ({ p, f, i, w }) => (p - 1) * (f + i + w),
  },
  {
    name: 'zb-h1',
    chunks: [1],
    holds: ({ p, m, f, i, w }) => m >= p && w <= Math.min(f, i),
    bubble: ({ p, f, i, w }) => (p - 1) * (f + i - w),
  },
  {
    name: 'zb-h2',
    chunks: [1],
    holds: ({ p, m, f, i, w }) => m >= 2 * p - 1 && w <= Math.min(f, i),
    bubble: ({ p, f, i, w }) => (p - 1) * (f + i - 2 * w),
  },
  {
    name: 'interleaved-zero-bubble',
    chunks: [1, 2, 3],
    holds: ({ p, m, f, i, w }) => m % p === 0 && w <= Math.min(f, i),
    bubble: ({ p, f, i, w }) => (p - 1) * (f + i - w),
  },
  {
    name: 'zb-v',
    chunks: [2],
    holds: ({ p, m, f, i, w }) => m >= 2 * p - 1 && w <= f && f <= i,
    bubble: ({ p, i, w }) => 2 * (p - 1) * (i - w),
  },
]

const ranks = [1, 2, 3, 4, 5, 6, 8]
const microbatches = [1, 2, 3, 4, 5, 6, 7, 8, 9, 12, 15, 16, 20, 24, 33]
const times = [1, 2, 3, 5]

function* cases({ chunks, holds }: ClosedForm): Generator<Case> {
  for (const p of ranks)
    for (const m of microbatches)
      for (const v of chunks)
        for (const f of times)
          for (const i of times) for (const w of times) if (holds({ p, m, v, f, i, w })) yield { p, m, v, f, i, w }
}

const ticks = ({ f, i, w }: Case): ScheduleTicks => ({ forward: f, input: i, weight: w })

describe('bubbles', () => {
  test.each(forms)('of $name', (form) => {
    const wrong: unknown[] = []
    let count = 0
    for (const each of cases(form)) {
      const schedule = pipelineSchedule(form.name, { ranks: each.p, chunks: each.v, microbatches: each.m })
      const { bubbleTicks } = playSchedule(schedule, ticks(each))
      count++
      if (bubbleTicks !== form.bubble(each)) wrong.push({ ...each, expected: form.bubble(each), bubbleTicks })
    }
    expect(wrong).toEqual([])
    expect(count).toBeGreaterThan(400)
  })

  test.each([
    ['zb-v', 2],
    ['zb-h2', 1],
  ])('%s has none when F = I = W', (name, chunks) => {
    for (const p of ranks)
      for (const m of [2 * p - 1, 2 * p, 4 * p + 1]) {
        const schedule = pipelineSchedule(name, { ranks: p, chunks, microbatches: m })
        expect(playSchedule(schedule, { forward: 7, input: 7, weight: 7 }).bubbleTicks).toBe(0)
      }
  })

  // Of the rank that works least, up to the end of the step: ranks do not run equally many pairs.
  test.each(['dualpipe', 'dualpipe-v'])('of %s, pairs overlapping or not', (name) => {
    let count = 0
    for (const p of name === 'dualpipe' ? [2, 4, 6, 8] : [1, 2, 3, 4, 6])
      for (const m of [2 * p, 2 * p + 2, 5 * p + (p % 2)]) {
        const schedule = pipelineSchedule(name, { ranks: p, microbatches: m + (m % 2) })
        const turns = name === 'dualpipe' ? p / 2 - 1 : p - 1
        for (const f of times)
          for (const w of times.filter((each) => each <= f))
            for (let pair = f + w; pair <= 2 * f + w; pair++) {
              const played = playSchedule(schedule, { forward: f, input: f, weight: w, pair })
              const idle = played.makespanTicks - Math.min(...played.busyTicks)
              expect(idle).toBe(turns * (pair + (f + w) - 3 * w))
              count++
            }
      }
    expect(count).toBeGreaterThan(300)
  })
})

/**
 * Rates that Qi et al. measured their formulas against (arXiv 2401.10241, section 5.3), times in microseconds as profiled there for the 1.5B model on 8 ranks:
 * microbatches, F, I, W, communication, then the rates of 1F1B, ZB-H1 and ZB-H2.
 */
test.each([
  [24, 18522, 18086, 9337, 601, 0.2431, 0.1585, 0.1083],
  [32, 18513, 18086, 9331, 626, 0.1985, 0.1242, 0.0837],
  [64, 18546, 18097, 9321, 762, 0.124, 0.0674, 0.0444],
])('bubble rates of the zero-bubble paper, %i microbatches', (m, forward, input, weight, hop, ...rates) => {
  const found = ['1f1b', 'zb-h1', 'zb-h2'].map((name) => {
    const schedule = pipelineSchedule(name, { ranks: 8, microbatches: m })
    const { bubbleTicks, spanTicks } = playSchedule(schedule, { forward, input, weight, hop })
    return Math.round((bubbleTicks / spanTicks) * 1e4) / 1e4
  })
  expect(found).toEqual(rates)
})

describe('activations', () => {
  /** Name, stages on each rank, and what each rank holds, in microbatches of one stage, where a closed form says so. */
  const held: [string, number[], (p: number, m: number, v: number, rank: number) => number | undefined][] = [
    ['gpipe', [1], (_, m) => m],
    ['1f1b', [1], (p, m, _, rank) => Math.min(m, p - rank)],
    [
      'interleaved-1f1b',
      [1, 2, 3],
      (p, m, v, rank) => (m % p === 0 ? Math.min(m * v, (v - 1) * p + 2 * (p - 1 - rank) + 1) : undefined),
    ],
    ['looped-bfs', [1, 2, 3], (_, m, v) => m * v],
    ['zb-h1', [1], (p, m) => Math.min(m, p)],
    ['zb-h2', [1], (p, m) => Math.min(m, 2 * p - 1)],
    ['interleaved-zero-bubble', [1, 2, 3], (p, m, v) => (m % p === 0 ? Math.min(m * v, p * v) : undefined)],
    ['zb-v', [2], (p, m) => (m >= 2 * p - 1 ? 2 * p : undefined)],
    ['dualpipe', [2], (p, m) => (p % 2 === 0 && m % 2 === 0 && m >= 2 * p ? p + 1 : undefined)],
    ['dualpipe-v', [2], (p, m) => (m >= 2 * p ? 2 * p + 1 : undefined)],
  ]
  test.each(held)('of %s', (name, chunks, expected) => {
    let count = 0
    for (const p of ranks)
      for (const m of microbatches)
        for (const v of chunks) {
          const wanted = Array.from({ length: p }, (_, rank) => expected(p, m, v, rank))
          if (wanted.includes(undefined)) continue
          const schedule = pipelineSchedule(name, { ranks: p, chunks: v, microbatches: m })
          expect([...liveMicrobatches(schedule).ofRank]).toEqual(wanted)
          count++
        }
    expect(count).toBeGreaterThan(15)
  })

  test('the first rank of interleaved 1F1B holds p(1 + (p - 1) / (pv)) of full stages', () => {
    for (const [p, v] of [
      [2, 2],
      [4, 2],
      [4, 3],
      [8, 4],
    ]) {
      const schedule = pipelineSchedule('interleaved-1f1b', { ranks: p, chunks: v, microbatches: 4 * p })
      expect(liveMicrobatches(schedule).ofRank[0] / v).toBeCloseTo(p * (1 + (p - 1) / (p * v)), 12)
    }
  })

  test('a share that goes with the gradient of the input is not held until W', () => {
    const schedule = pipelineSchedule('zb-h1', { ranks: 4, microbatches: 8 })
    expect([...liveMicrobatches(schedule, 1).ofRank]).toEqual([4, 3, 2, 1])
    expect([...liveMicrobatches(schedule, 0.5).ofRank]).toEqual([4, 3.5, 3, 2.5])
  })
})
