import * as fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { criticalPath, playTasks, TaskGraphBuilder, type TaskSpec } from '../../../src/simulate/engine/index.js'
import { graphOf, isFlow, predecessors, type System, systems } from './systems.js'

const play = (tasks: readonly TaskSpec[], linkRates: readonly number[] = []) => playTasks(graphOf({ tasks, linkRates }))
const mixed = systems({ tasks: 40, streams: 5, links: 4 })

describe('fixed work', () => {
  test('nothing takes no time', () => {
    expect(play([])).toMatchObject({ makespan: 0, eventCount: 0 })
  })

  test('a chain takes the sum', () => {
    const chain = [3, 0, 5, 7].map((ticks, k) => ({ ticks, after: k > 0 ? [k - 1] : [] }))
    expect([...play(chain).start]).toEqual([0, 3, 3, 8])
    expect(play(chain).makespan).toBe(15)
  })

  test('a fork joins after its longest branch', () => {
    const { start, makespan } = play([
      { ticks: 2 },
      { ticks: 5, after: [0] },
      { ticks: 9, after: [0] },
      { ticks: 1, after: [1, 2] },
    ])
    expect([...start]).toEqual([0, 2, 2, 11])
    expect(makespan).toBe(12)
  })

  test('streams are in order even when the second could start before the first', () => {
    const { start } = play([
      { ticks: 10, streams: [0] },
      { ticks: 1, streams: [1], after: [0] },
      { ticks: 1, streams: [1] },
    ])
    expect([...start]).toEqual([0, 10, 11])
  })

  test('a collective waits for all its streams and holds all of them', () => {
    const { start } = play([
      { ticks: 4, streams: [0] },
      { ticks: 6, streams: [1] },
      { ticks: 3, streams: [0, 1, 2] },
      { ticks: 1, streams: [2] },
    ])
    expect([...start]).toEqual([0, 0, 6, 9])
  })

  test('a task may wait for one that is added later', () => {
    const builder = new TaskGraphBuilder()
    const early = builder.task({ ticks: 1 })
    const late = builder.task({ ticks: 5 })
    builder.addEdge(late, early)
    expect(playTasks(builder.build()).start[early]).toBe(5)
  })

  test('more ticks than a double counts are refused', () => {
    const half = 2 ** 53 - 1
    expect(() => play([{ ticks: half }, { ticks: half, after: [0] }])).toThrow(/coarser tick/)
  })
})

describe('the builder refuses', () => {
  const builder = () => new TaskGraphBuilder()
  test.each<[string, () => unknown]>([
    ['broken ticks', () => builder().task({ ticks: 0.5 })],
    ['negative ticks', () => builder().task({ ticks: -1 })],
    ['infinite bytes', () => builder().task({ ticks: 0, bytes: Number.POSITIVE_INFINITY })],
    ['links without a rate', () => builder().addLink(0)],
    ['broken weights', () => graphOf({ tasks: [{ ticks: 0, bytes: 1, links: [0], weight: 0.5 }], linkRates: [1] })],
    ['unknown links', () => graphOf({ tasks: [{ ticks: 0, bytes: 1, links: [1] }], linkRates: [1] })],
    ['unknown tasks', () => graphOf({ tasks: [{ ticks: 0, after: [1] }], linkRates: [] })],
    ['a stream twice', () => builder().task({ ticks: 0, streams: [1, 1] })],
  ])('%s', (_, build) => {
    expect(build).toThrow()
  })
})

describe('any system', () => {
  test('each task starts the tick its last predecessor ends, and streams never overlap', () => {
    fc.assert(
      fc.property(mixed, (system) => {
        const { start, end, makespan, eventCount } = playTasks(graphOf(system))
        const before = predecessors(system)
        system.tasks.forEach((task, k) => {
          expect(start[k]).toBe(Math.max(0, ...before[k].map((b) => end[b])))
          if (isFlow(task)) expect(end[k]).toBeGreaterThan(start[k] + task.ticks)
          else expect(end[k]).toBe(start[k] + task.ticks)
          expect(Number.isSafeInteger(end[k])).toBe(true)
        })
        expect(makespan).toBe(Math.max(...end))
        expect(eventCount).toBe(system.tasks.length + system.tasks.filter(isFlow).length)
      }),
      { numRuns: 300 },
    )
  })

  test('the critical path has no gaps and is as long as the makespan', () => {
    fc.assert(
      fc.property(mixed, (system) => {
        const graph = graphOf(system)
        const played = playTasks(graph)
        let at = 0
        for (const task of criticalPath(graph, played)) {
          expect(played.start[task]).toBe(at)
          at = played.end[task]
        }
        expect(at).toBe(played.makespan)
      }),
      { numRuns: 200 },
    )
  })

  test('the order of adding does not matter where streams keep theirs', () => {
    fc.assert(
      fc.property(mixed, fc.infiniteStream(fc.nat(1000)), (system, chance) => {
        const played = playTasks(graphOf(system))
        const order = shuffled(system, () => chance.next().value)
        const position = new Map(order.map((task, k) => [task, k]))
        const other = playTasks(
          graphOf({
            ...system,
            tasks: order.map((task) => {
              const { after = [], ...rest } = system.tasks[task]
              return { ...rest, after: after.map((before) => position.get(before)!) }
            }),
          }),
        )
        expect(order.map((task) => played.start[task])).toEqual([...other.start])
        expect(order.map((task) => played.end[task])).toEqual([...other.end])
      }),
      { numRuns: 200 },
    )
  })
})

/** A random order of adding that keeps the order on each stream; dependencies may point forwards in it. */
function shuffled({ tasks }: System, chance: () => number): number[] {
  const onlyStreams = tasks.map((task) => ({ ...task, after: [] }))
  const before = predecessors({ tasks: onlyStreams, linkRates: [] })
  const order: number[] = []
  const added = new Set<number>()
  while (order.length < tasks.length) {
    const free = tasks.flatMap((_, k) => (!added.has(k) && before[k].every((b) => added.has(b)) ? [k] : []))
    const chosen = free[chance() % free.length]
    added.add(chosen)
    order.push(chosen)
  }
  return order
}
