import { describe, expect, test } from 'vitest'
import { certify } from '../../../src/place/bounds/certify.js'
import { placeOptimal } from '../../../src/place/optimal/optimal.js'
import type { SchedulingProblem } from '../../../src/schedule/index.js'
import { clusterOf, oneHost } from '../../helpers/clusters.js'
import { graphOf, ms, op, problemOf } from '../../helpers/graphs.js'

/** Bound and optimum in ms, the first rounded to a microsecond: halving ends a little below. */
function figures(problem: SchedulingProblem): { bound: number; argument: string; optimum: number } {
  const { ticks, argument } = certify(problem)
  const attempt = placeOptimal(problem)
  if (!('placement' in attempt)) throw new Error('no placement')
  const { schedule, bound } = attempt.placement
  expect(bound!.ticks).toBe(schedule.makespan)
  return { bound: Math.round((1000 * ticks) / ms(1)) / 1000, argument, optimum: schedule.makespan / ms(1) }
}

const on = (fast: number, slow: number) => ({ seconds: { fast: fast / 1000, slow: slow / 1000 } })
const group = { colocationGroup: 'g' }
const parameters = { parameterBytes: 6000 }
const unlike = clusterOf([{ kinds: ['fast', 'slow'] }])

// The examples of docs/placement-bounds.md. Links of 1 kB/ms: a tensor of 1000 bytes takes 1 ms.
describe('docs/placement-bounds.md', () => {
  test.each([
    [
      'critical-path',
      problemOf(graphOf([op('A', 2, 1000), op('B', 3, 1000), op('C', 4), op('D', 1)], 'A>B', 'A>D', 'B>C'), oneHost(2)),
      9,
      9,
    ],
    ['work', problemOf(graphOf([op('A', 3), op('B', 3), op('C', 3), op('D', 3)]), oneHost(2)), 6, 6],
    [
      'work',
      problemOf(
        graphOf([op('A', 0, undefined, on(2, 6)), op('B', 0, undefined, on(2, 6)), op('C', 0, undefined, on(4, 6))]),
        unlike,
      ),
      4.8,
      6,
    ],
    [
      'critical-path-with-transfers',
      problemOf(graphOf([op('A', 3, 2000), op('B', 3, 2000), op('C', 1)], 'A>C', 'B>C'), oneHost(2)),
      6,
      6,
    ],
    [
      'colocation',
      problemOf(
        graphOf(
          [op('A', 2, 1000, group), op('B', 3, undefined, group), op('C', 4, undefined, group), op('D', 1)],
          'A>D',
        ),
        oneHost(3),
      ),
      9,
      9,
    ],
    [
      'interval-load',
      problemOf(
        graphOf(
          [op('S', 2, 0), op('A', 3, 0), op('B', 3, 0), op('C', 3, 0), op('T', 1)],
          'S>A',
          'S>B',
          'S>C',
          'A>T',
          'B>T',
          'C>T',
        ),
        oneHost(2),
      ),
      7.5,
      9,
    ],
    [
      'memory-split',
      problemOf(
        graphOf([op('A', 2, 4000, parameters), op('B', 2, 1000, parameters)], 'A>B'),
        oneHost(2),
        [11_000, 11_000],
      ),
      8,
      8,
    ],
    [
      'forced-together',
      problemOf(graphOf([op('A', 3, 7000), op('B', 3, 7000), op('C', 3), op('D', 3)], 'A>D', 'B>C', 'B>D'), oneHost(3)),
      12,
      12,
    ],
  ] as const)('%s', (argument, problem, bound, optimum) => {
    expect(figures(problem)).toEqual({ argument, bound, optimum })
  })

  // A is held on the fast device until R has read it; X does not fit beside it.
  const waiting = (...edges: string[]) =>
    problemOf(
      graphOf(
        [
          op('A', 1, 4000, { deviceKinds: ['fast'] }),
          op('Q', 1, 500, { deviceKinds: ['slow'] }),
          op('R', 1, 500, { deviceKinds: ['fast'] }),
          op('S', 5, undefined, { deviceKinds: ['slow'] }),
          op('X', 3, undefined, { deviceKinds: ['fast'], temporaryBytes: 5000 }),
        ],
        'A>Q',
        'A>R',
        'Q>R',
        'R>S',
        ...edges,
      ),
      unlike,
      [8000, 8000],
    )

  test('a commit order cannot make an op wait for memory; a control edge can', () => {
    const optimum = (problem: SchedulingProblem) => figures(problem).optimum
    expect(optimum(waiting())).toBe(16)
    expect(optimum(waiting('R-X'))).toBe(13)
  })
})
