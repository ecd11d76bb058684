import * as fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { certify } from '../../../src/place/bounds/certify.js'
import { placers } from '../../../src/place/index.js'
import { justified } from '../../../src/place/justified.js'
import { withinLimits } from '../../../src/place/withinLimits.js'
import { allTransfers, clusterOf, oneHost } from '../../helpers/clusters.js'
import { graphOf, ms, op, problemOf } from '../../helpers/graphs.js'
import { instances } from '../../helpers/instances.js'

// Links of 1 kB/ms: a tensor of 1000 bytes takes 1 ms.
describe('closed forms', () => {
  test('a chain: its own length', () => {
    const chain = graphOf([op('a', 1, 2000), op('b', 2, 1000), op('c', 3)], 'a>b', 'b>c')
    expect(certify(problemOf(chain, oneHost(3)))).toEqual({ ticks: ms(6), argument: 'critical-path' })
  })

  test('loose ops: their work on all devices', () => {
    const loose = graphOf([op('a', 3), op('b', 3), op('c', 3)])
    expect(certify(problemOf(loose, oneHost(2)))).toEqual({ ticks: ms(4.5), argument: 'work' })
  })

  test('work on unlike devices goes to where it is cheap', () => {
    const seconds = { fast: 0.001, slow: 0.003 }
    const loose = graphOf(['a', 'b', 'c', 'd', 'e', 'f', 'g', 'h'].map((name) => op(name, 0, undefined, { seconds })))
    const { ticks, argument } = certify(problemOf(loose, clusterOf([{ kinds: ['fast', 'slow'] }])))
    expect(argument).toBe('work')
    expect(ticks / ms(6)).toBeCloseTo(1, 5)
    expect(ticks).toBeLessThanOrEqual(ms(6))
  })

  test.each(allTransfers)(
    'a join of equal branches, %s: one of them comes from elsewhere, or both run in turn',
    (transfers) => {
      const join = graphOf([op('a', 2, 1000), op('b', 2, 1000), op('c', 1)], 'a>c', 'b>c')
      const bound = certify(problemOf(join, oneHost(2, transfers)))
      expect(bound).toEqual({ ticks: ms(4), argument: 'critical-path-with-transfers' })
    },
  )

  test.each([
    ['full-duplex', 6],
    ['half-duplex', 6],
    ['uncontended', 5],
  ] as const)('a fork to three long readers, %s: the sender sends in turn', (transfers, expected) => {
    const fork = graphOf([op('a', 1, 1000), op('b', 3), op('c', 3), op('d', 3)], 'a>b', 'a>c', 'a>d')
    expect(certify(problemOf(fork, oneHost(3, transfers))).ticks).toBe(ms(expected))
  })

  test('dear transfers keep a connected graph on one device', () => {
    const names = ['a', 'b', 'c', 'd', 'e']
    const star = graphOf(
      [op('hub', 1, 50_000), ...names.map((name) => op(name, 2))],
      ...names.map((name) => `hub>${name}`),
    )
    expect(certify(problemOf(star, oneHost(4))).ticks).toBe(ms(11))
  })

  test('parameters larger than a device force a transfer', () => {
    const chain = graphOf(
      [op('a', 1, 4000, { parameterBytes: 600 }), op('b', 1, undefined, { parameterBytes: 600 })],
      'a>b',
    )
    expect(certify(problemOf(chain, oneHost(2), [5000, 5000]))).toEqual({ ticks: ms(2), argument: 'critical-path' })
    expect(certify(problemOf(chain, oneHost(2), [1000, 1000]))).toEqual({ ticks: ms(6), argument: 'memory-split' })
  })

  test('a colocation group runs on one device', () => {
    const group = { colocationGroup: 'g' }
    const tied = graphOf([op('a', 2, undefined, group), op('b', 2, undefined, group), op('c', 1)])
    expect(certify(problemOf(tied, oneHost(2)))).toEqual({ ticks: ms(4), argument: 'colocation' })
  })
})

test('no placer is ever below the bound, whatever the search effort', async () => {
  let plans = 0
  await fc.assert(
    fc.asyncProperty(instances({ min: 1, max: 30 }), fc.constantFrom(0.01, 1), async (instance, effort) => {
      const problem = problemOf(instance.graph, instance.cluster, instance.limits)
      const options = { placer: 'auto', lpSolver: 'auto', effort: 0 } as const
      for (const place of [placers.etf, placers.heft, placers.sct, placers.topo]) {
        const attempt = withinLimits(problem, await place(problem, options))
        if (!('placement' in attempt)) continue
        plans++
        const { schedule } = justified(problem, attempt.placement)
        expect(certify(problem, { effort }).ticks).toBeLessThanOrEqual(schedule.makespan)
      }
    }),
    { numRuns: 200 },
  )
  expect(plans).toBeGreaterThan(200)
})
