import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { pathLength, playTasks, TaskGraphBuilder } from '../../../src/simulate/engine/index.js'

describe('path length', () => {
  it('is the makespan that playing gives, for any ticks', () => {
    const task = fc.record({ kind: fc.nat(4), stream: fc.nat(3), after: fc.array(fc.nat(40), { maxLength: 3 }) })
    const ticks = fc.array(fc.nat(1000), { minLength: 5, maxLength: 5 })
    fc.assert(
      fc.property(
        fc.array(task, { minLength: 1, maxLength: 40 }),
        fc.array(ticks, { minLength: 1, maxLength: 3 }),
        (tasks, trials) => {
          const builder = new TaskGraphBuilder()
          tasks.forEach(({ kind, stream, after }, i) => {
            builder.task({ ticks: 0, kind, streams: [stream], after: after.filter((before) => before < i) })
          })
          const graph = builder.build()
          const length = pathLength(graph)
          for (const each of trials) {
            const played = playTasks({ ...graph, ticks: Float64Array.from(graph.kind, (kind) => each[kind]) })
            expect(length(each)).toBe(played.makespan)
          }
        },
      ),
    )
  })

  it('refuses flows, which are no path', () => {
    const builder = new TaskGraphBuilder()
    builder.task({ ticks: 0, bytes: 10, links: [builder.addLink(1)] })
    expect(() => pathLength(builder.build())).toThrow('flows')
  })
})
