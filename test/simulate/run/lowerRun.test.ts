import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { pipelineSchedule, pipelineScheduleNames, playSchedule } from '../../../src/schedule/pipeline/index.js'
import { playTasks } from '../../../src/simulate/engine/index.js'
import { folded, lowerRun } from '../../../src/simulate/run/lowerRun.js'
import { kindOf, works } from '../../../src/simulate/run/workKinds.js'

describe('a lowered pipeline', () => {
  const named = pipelineScheduleNames.filter((name) => name !== 'none')

  test.each(named)('of %s takes in the engine what its actions take, with unequal stages and transfers', (name) => {
    const ticks = fc.array(fc.tuple(...Array.from({ length: 3 }, () => fc.integer({ min: 1, max: 9 }))), {
      minLength: 24,
      maxLength: 24,
    })
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 3 }),
        fc.integer({ min: 2, max: 3 }),
        ticks,
        fc.nat(5),
        (half, k, of, hop) => {
          // Even ranks, a multiple of them and at least twice as many microbatches: what every schedule runs.
          const schedule = pipelineSchedule(name, { ranks: 2 * half, microbatches: 2 * half * k })
          const stages = of.slice(0, schedule.stages)
          const [forward, input, weight] = [0, 1, 2].map((i) => stages.map((each) => each[i]))
          const ticksOf = new Float64Array(schedule.stages * works.length)
          stages.forEach(([f, i, w], stage) => {
            ticksOf[kindOf(stage, 'forward')] = f
            ticksOf[kindOf(stage, 'input-gradient')] = i
            ticksOf[kindOf(stage, 'weight-gradient')] = w
            ticksOf[kindOf(stage, 'backward')] = i + w
            ticksOf[kindOf(stage, 'send-forward')] = hop
            ticksOf[kindOf(stage, 'send-backward')] = hop
          })
          const graph = lowerRun(folded(schedule))
          const { makespan } = playTasks({ ...graph, ticks: Float64Array.from(graph.kind, (kind) => ticksOf[kind]) })
          expect(makespan).toBe(playSchedule(schedule, { forward, input, weight, hop }).makespanTicks)
        },
      ),
      { numRuns: 60 },
    )
  })

  test('exchanges the gradients of each stage on its rank, both copies of DualPipe included', () => {
    const schedule = pipelineSchedule('dualpipe', { ranks: 4, microbatches: 8 })
    const graph = lowerRun(folded(schedule))
    const rankOf = (task: number) => Math.floor(graph.stream[graph.streamStart[task]] / 2)
    const ranks = Array.from({ length: schedule.stages }, (_, stage) =>
      Array.from(graph.kind).flatMap((kind, task) =>
        kind === kindOf(stage, 'exposed-exchange') ? [rankOf(task)] : [],
      ),
    )
    expect(ranks).toEqual([[0], [1], [2], [3], [3], [2], [1], [0]])
  })
})
