import * as fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import type { GraphDescription } from '../../../src/graph/index.js'
import { planStages, type StagesOptions } from '../../../src/place/index.js'
import type { SchedulingProblem } from '../../../src/schedule/index.js'
import { clusterOf, oneHost } from '../../helpers/clusters.js'
import { edges, graphOf, op, problemOf } from '../../helpers/graphs.js'

const profile: StagesOptions = {
  mostReplicas: 8,
  opsHoldBackward: true,
  bindsMemory: false,
  inputOps: new Set(),
}

/** Links of the test clusters carry so many bytes a second. */
const rate = 1e6

interface Stage {
  readonly ops: readonly number[]
  readonly replicas: number
}

/** PipeDream's rules from the paper's words, on sets of ops. */
function secondsOf({ graph, opTicks }: SchedulingProblem, stages: readonly Stage[], s: number): number {
  const { ops, replicas: r } = stages[s]
  const seconds = ops.reduce((sum, i) => sum + opTicks[0][i] / 1e12, 0)
  const parameters = ops.reduce((sum, i) => sum + graph.parameterBytes[i], 0)
  const busy = (seconds + (4 * (r - 1) * parameters) / (r * rate)) / r
  if (s === 0) return busy
  const upTo = (last: number) => new Set(stages.slice(0, last + 1).flatMap((stage) => stage.ops))
  const crossing = (inside: ReadonlySet<number>) => {
    const cut = new Set<number>()
    graph.edgeFrom.forEach((from, e) => {
      if (inside.has(from) && !inside.has(graph.edgeTo[e]) && graph.edgeTensor[e] >= 0) cut.add(graph.edgeTensor[e])
    })
    return [...cut].reduce((sum, t) => sum + graph.tensorBytes[t], 0)
  }
  return Math.max(busy, (2 * Math.max(crossing(upTo(s - 1)), crossing(upTo(s)))) / (r * rate))
}

/** Every way to put ops into stages along the edges, and every way to replicate these. */
function leastSeconds(problem: SchedulingProblem): number {
  const { graph, deviceCount } = problem
  const count = graph.ops.length
  const stageOf = new Int32Array(count)
  let best = Number.POSITIVE_INFINITY
  const replicate = (stages: readonly Stage[], left: number): void => {
    const next = stages.findIndex(({ replicas }) => replicas === 0)
    if (next < 0) {
      best = Math.min(best, Math.max(...stages.map((_, s) => secondsOf(problem, stages, s))))
      return
    }
    for (let replicas = 1; replicas <= left; replicas++)
      replicate(
        stages.map((stage, s) => (s === next ? { ...stage, replicas } : stage)),
        left - replicas,
      )
  }
  const assign = (i: number): void => {
    if (i < count) {
      for (let s = 0; s < Math.min(count, deviceCount); s++) {
        stageOf[i] = s
        assign(i + 1)
      }
      return
    }
    if (graph.edgeFrom.some((from, e) => stageOf[from] > stageOf[graph.edgeTo[e]])) return
    const used = Math.max(...stageOf) + 1
    const stages = Array.from({ length: used }, (_, s) => ({
      ops: graph.ops.map((_op, each) => each).filter((each) => stageOf[each] === s),
      replicas: 0,
    }))
    if (stages.every(({ ops }) => ops.length > 0)) replicate(stages, deviceCount)
  }
  assign(0)
  return best
}

const graphs: fc.Arbitrary<GraphDescription> = fc
  .array(
    fc.record({
      ms: fc.integer({ min: 0, max: 20 }),
      bytes: fc.integer({ min: 0, max: 9000 }),
      parameterBytes: fc.integer({ min: 0, max: 6000 }),
      inputs: fc.array(fc.nat(), { maxLength: 2 }),
    }),
    { minLength: 1, maxLength: 5, size: 'max' },
  )
  .map((shapes) => ({
    name: 'random',
    ops: shapes.map(({ ms, bytes, parameterBytes }, i) => op(`n${i}`, ms, bytes, { parameterBytes })),
    edges: shapes.flatMap(({ inputs }, i) =>
      i === 0 ? [] : [...new Set(inputs.map((j) => j % i))].map((j) => edges(`n${j}>n${i}`)[0]),
    ),
  }))
  .map((graph) => ({
    ...graph,
    edges: graph.edges.map((edge) => ({
      ...edge,
      bytes: graph.ops.find(({ name }) => name === edge.from)!.outputs![0].bytes,
    })),
  }))

test('the least time per microbatch, as by trying everything', () => {
  fc.assert(
    fc.property(graphs, fc.integer({ min: 1, max: 4 }), (graph, count) => {
      const problem = problemOf(graph, oneHost(count))
      const found = planStages(problem, profile)
      expect(found.isProved).toBe(true)
      expect(found.maxSeconds).toBeCloseTo(leastSeconds(problem), 12)
      const stages = found.stages.map(({ ops, devices }) => ({ ops, replicas: devices.length }))
      expect(Math.max(...stages.map((_, s) => secondsOf(problem, stages, s)))).toBeCloseTo(found.maxSeconds, 12)
      expect(found.stages.flatMap(({ ops }) => ops).sort((a, b) => a - b)).toEqual(graph.ops.map((_, i) => i))
      const devices = found.stages.flatMap((stage) => stage.devices)
      expect(new Set(devices).size).toBe(devices.length)
    }),
    { numRuns: 150 },
  )
})

describe('options', () => {
  const chain = graphOf([op('a', 6, 10), op('b', 6, 10), op('c', 3)], 'a>b', 'b>c')

  test('one replica at most is a straight pipeline', () => {
    const { stages, maxSeconds } = planStages(problemOf(chain, oneHost(4)), { ...profile, mostReplicas: 1 })
    expect(stages.map(({ devices }) => devices)).toEqual([[0], [1], [2]])
    expect(maxSeconds).toBeCloseTo(6e-3, 12)
  })

  test('inputs cost nothing and stay in the first stage', () => {
    const { stages, maxSeconds } = planStages(problemOf(chain, oneHost(2)), {
      ...profile,
      mostReplicas: 1,
      inputOps: new Set([0]),
    })
    expect(stages.map(({ ops }) => ops)).toEqual([[0, 1], [2]])
    expect(maxSeconds).toBeCloseTo(6e-3, 12)
  })

  test('memory binds where it is told to: early stages keep more microbatches', () => {
    const heavy = graphOf([op('a', 6, 100), op('b', 6, 100)], 'a>b')
    const problem = problemOf(heavy, oneHost(2), [199, 199])
    const free = planStages(problem, { ...profile, mostReplicas: 1 })
    expect(free.stages.map(({ bytes }) => bytes)).toEqual([200, 100])
    expect(() => planStages(problem, { ...profile, mostReplicas: 1, bindsMemory: true })).toThrow(/fit in memory/)
  })

  test('devices of two kinds are refused', () => {
    const twoKinds = graphOf([op('a', 1, 0)])
    expect(() => planStages(problemOf(twoKinds, clusterOf([{ kinds: ['x', 'y'] }])), profile)).toThrow(/one kind/)
  })
})
