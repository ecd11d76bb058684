import { describe, expect, test } from 'vitest'
import type { PlacementPrediction, ScheduleDocument } from '../../src/plan/index.js'
import { checkSchedule } from '../helpers/checkSchedule.js'
import { clusterOf, oneHost } from '../helpers/clusters.js'
import { graphOf, op } from '../helpers/graphs.js'

// a and b on device 0 feed c and d on device 1; times in ms, one transfer of 2 ms each.
const graph = graphOf(
  [
    op('a', 1, 2000, { parameterBytes: 7 }),
    op('b', 1, 2000),
    op('c', 1, 0, { temporaryBytes: 5 }),
    op('d', 1),
    op('e', 1),
  ],
  'a>c',
  'b>d',
  'c-e',
)
const placement = { a: 0, b: 0, c: 1, d: 1, e: 0 }
const schedule: ScheduleDocument = {
  ops: [
    ['a', 0, 0, 0.001],
    ['b', 0, 0.001, 0.002],
    ['c', 1, 0.003, 0.004],
    ['d', 1, 0.005, 0.006],
    ['e', 0, 0.004, 0.005],
  ],
  transfers: [
    ['a.out', 0, 1, 0.001, 0.003],
    ['b.out', 0, 1, 0.003, 0.005],
  ],
}
const sound: PlacementPrediction = {
  stepSeconds: 0.006,
  lowerBoundSeconds: 0.002,
  peakBytes: [4007, 4005],
  fits: true,
  breakdown: { compute: 0, exposedCommunication: 0, other: 0 },
  unmodelledFlopsFraction: 0,
  computeSeconds: [],
  schedule,
}
const check = (more: Partial<PlacementPrediction>, limits = [5000, 5000], cluster = oneHost(2)) =>
  checkSchedule({ graph, cluster, placement, prediction: { ...sound, ...more }, limits })
const withOp = (name: string, device: number, start: number, end: number) => ({
  schedule: {
    ...schedule,
    ops: schedule.ops.map((each) => (each[0] === name ? ([name, device, start, end] as const) : each)),
  },
})
const withTransfers = (...transfers: ScheduleDocument['transfers'][number][]) => ({
  schedule: { ...schedule, transfers },
})
const [first, second] = schedule.transfers

describe('the checker', () => {
  test('passes a sound schedule', () => {
    expect(check({})).toEqual([])
  })

  test.each([
    ['no schedule', { schedule: undefined }, 'holds no schedule'],
    ['an op that never runs', { schedule: { ...schedule, ops: schedule.ops.slice(1) } }, 'a never runs'],
    ['an op that runs elsewhere', withOp('e', 1, 0.004, 0.005), 'e was decided for 0'],
    ['a wrong duration', withOp('d', 1, 0.005, 0.0061), 'd takes'],
    ['an op before its input', withOp('c', 1, 0.002, 0.003), 'c starts at 0.002'],
    ['an op before its control edge', withOp('e', 0, 0.003, 0.004), 'e starts at 0.003'],
    ['ops that overlap', withOp('b', 0, 0.0005, 0.0015), 'device 0: a and b overlap'],
    ['a tensor that never comes', withTransfers(first), 'b.out never reaches d'],
    ['a tensor that comes twice', withTransfers(first, first, second), 'a.out>1 moves twice'],
    ['a transfer before its maker', withTransfers(['a.out', 0, 1, 0, 0.002], second), 'a.out>1 leaves at 0'],
    ['a transfer from elsewhere', withTransfers(['a.out', 1, 1, 0.001, 0.003], second), 'leaves 1, made on 0'],
    ['a wrong transfer time', withTransfers(['a.out', 0, 1, 0.001, 0.0029], second), 'a.out>1 takes'],
    [
      'endpoints that overlap',
      withTransfers(first, ['b.out', 0, 1, 0.0025, 0.0045]),
      'transmit 0: a.out>1 and b.out>1 overlap',
    ],
    ['a wrong step', { stepSeconds: 0.005 }, 'stepSeconds 0.005'],
    ['a bound above the step', { lowerBoundSeconds: 0.007 }, 'bound 0.007'],
    ['a wrong peak', { peakBytes: [4006, 4005] }, 'device 0 holds 4007, said 4006'],
    ['a wrong verdict', { fits: false }, 'fits is wrong'],
  ])('finds %s', (_what, more, fault) => {
    expect(check(more).join('\n')).toContain(fault)
  })

  test('finds a limit that is passed', () => {
    expect(check({ fits: false }, [4006, 5000])).toEqual(['device 0 holds 4007 of 4006'])
  })

  test('holds the networks of hosts and one endpoint of half-duplex devices', () => {
    const network = { bytesPerSecond: 1e6, latencySeconds: 0 }
    const overlapping = withTransfers(first, ['b.out', 0, 1, 0.0025, 0.0045])
    const far = clusterOf([0, 1].map(() => ({ kinds: ['generic'], network })))
    expect(check(overlapping, undefined, far).join('\n')).toContain('network transmit 0: a.out>1 and b.out>1 overlap')
    expect(check(overlapping, undefined, oneHost(2, 'half-duplex')).join('\n')).toContain('endpoint 1')
    expect(check(overlapping, undefined, oneHost(2, 'uncontended')).join('\n')).not.toContain('overlap')
  })
})
