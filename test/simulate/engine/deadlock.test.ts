import * as fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import type { UserError } from '../../../src/errors/index.js'
import { playTasks, TaskGraphBuilder } from '../../../src/simulate/engine/index.js'

function problemsOf(builder: TaskGraphBuilder, taskNames: readonly string[] = [], streamNames: readonly string[] = []) {
  const names = {
    task: (task: number) => taskNames[task] ?? `t${task}`,
    stream: (stream: number) => streamNames[stream] ?? `s${stream}`,
  }
  try {
    playTasks(builder.build(), names)
  } catch (error) {
    return (error as UserError).problems
  }
  return []
}

describe('a deadlock', () => {
  test('of two ranks that both receive first names both and what each waits for', () => {
    const builder = new TaskGraphBuilder()
    const [receive0, send0, receive1, send1] = [0, 0, 1, 1].map((rank) => builder.task({ ticks: 1, streams: [rank] }))
    builder.addEdge(send0, receive1)
    builder.addEdge(send1, receive0)
    const problems = problemsOf(builder, ['recv A', 'send B', 'recv B', 'send A'], ['rank 0', 'rank 1'])
    expect(problems.map(({ code }) => code)).toEqual(['E801', 'E801', 'E801'])
    expect(problems[0].message).toBe('4 of 4 tasks, on 2 streams, wait for one another for ever')
    expect(problems.slice(1)).toEqual([
      { code: 'E801', message: 'recv A waits for send A (rank 1)', where: 'rank 0' },
      { code: 'E801', message: 'recv B waits for send B (rank 0)', where: 'rank 1' },
    ])
  })

  test('of collectives in different orders on two streams', () => {
    const builder = new TaskGraphBuilder()
    const first = builder.task({ ticks: 1, streams: [0, 1] })
    const second = builder.task({ ticks: 1, streams: [1] })
    builder.addEdge(second, first)
    expect(problemsOf(builder).map(({ message }) => message)).toEqual([
      '2 of 2 tasks, on 2 streams, wait for one another for ever',
      't0 waits for t1 (s1)',
    ])
  })

  test('without streams tells the circle', () => {
    const builder = new TaskGraphBuilder()
    for (let task = 0; task < 3; task++) builder.task({ ticks: 1 })
    builder.addEdge(0, 1)
    builder.addEdge(1, 2)
    builder.addEdge(2, 1)
    expect(problemsOf(builder).map(({ message }) => message)).toEqual([
      '2 of 3 tasks, on 0 streams, wait for one another for ever',
      't1 waits for t2',
      't2 waits for t1',
    ])
  })

  test('puts the circle before those that only wait for it, and names a few', () => {
    const builder = new TaskGraphBuilder()
    const waiting = Array.from({ length: 100 }, (_, stream) => builder.task({ ticks: 1, streams: [stream] }))
    const circle = [100, 101].map((stream) => builder.task({ ticks: 1, streams: [stream] }))
    for (const task of waiting) for (const end of circle) builder.addEdge(end, task)
    builder.addEdge(circle[0], circle[1])
    builder.addEdge(circle[1], circle[0])
    const problems = problemsOf(builder)
    expect(problems).toHaveLength(21)
    expect(problems[1].message).toBe('t100 waits for t101 (s101)')
    expect(problems[2].message).toBe('t101 waits for t100 (s100)')
    expect(problems[3].message).toBe('t0 waits for t100 (s100), t101 (s101)')
  })

  test('names only tasks that cannot end, whatever the graph', () => {
    const edge = fc.tuple(fc.nat(14), fc.nat(14))
    fc.assert(
      fc.property(
        fc.array(fc.nat(3), { minLength: 15, maxLength: 15 }),
        fc.array(edge, { maxLength: 15 }),
        (on, edges) => {
          const builder = new TaskGraphBuilder()
          // Stream 3 stands for none.
          for (const stream of on) builder.task({ ticks: 1, streams: stream < 3 ? [stream] : [] })
          for (const [before, after] of edges) builder.addEdge(before, after)
          const stuck = stuckTasks(on, edges)
          const problems = problemsOf(builder)
          expect(problems.length > 0).toBe(stuck.size > 0)
          for (const { message } of problems.slice(1)) {
            const named = [...message.matchAll(/t(\d+)/g)].map(([, task]) => Number(task))
            expect(named.length).toBeGreaterThan(1)
            for (const task of named) expect(stuck).toContain(task)
          }
        },
      ),
      { numRuns: 500 },
    )
  })
})

/** By going over all tasks until nothing changes. */
function stuckTasks(on: readonly number[], edges: readonly (readonly [number, number])[]): Set<number> {
  const stuck = new Set(on.keys())
  for (let again = true; again; ) {
    again = false
    for (const task of stuck) {
      const isFirst = on[task] === 3 || ![...stuck].some((other) => other < task && on[other] === on[task])
      if (!isFirst || edges.some(([before, after]) => after === task && stuck.has(before))) continue
      stuck.delete(task)
      again = true
    }
  }
  return stuck
}
