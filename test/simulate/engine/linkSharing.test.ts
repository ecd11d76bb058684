import * as fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { playTasks, type TaskSpec } from '../../../src/simulate/engine/index.js'
import { slowPlay } from './slowPlay.js'
import { graphOf, type System, systems } from './systems.js'

const ends = (linkRates: readonly number[], ...tasks: TaskSpec[]) => [...playTasks(graphOf({ tasks, linkRates })).end]
const flow = (bytes: number, links: number[], more: Partial<TaskSpec> = {}): TaskSpec => ({
  ticks: 0,
  bytes,
  links,
  ...more,
})

describe('closed forms', () => {
  test('one flow: latency, then bytes over the slowest link, rounded up', () => {
    expect(ends([3, 5], flow(10, [0, 1], { ticks: 7 }))).toEqual([11])
    expect(ends([0.25], flow(10, [0]))).toEqual([40])
  })

  test('a quotient that is whole but for rounding is whole', () => {
    expect(ends([0.3], flow(1, [0]), flow(1, [0]), flow(1, [0]))).toEqual([10, 10, 10])
  })

  test('two flows on one link halve it; the longer one has it alone at the end', () => {
    expect(ends([2], flow(100, [0]), flow(200, [0]))).toEqual([100, 150])
  })

  test('who comes later shares what is left', () => {
    // 100 bytes alone, then both at 1 byte per tick until the first ends, then the second at 2.
    expect(ends([2], flow(200, [0]), flow(150, [0], { ticks: 50 }))).toEqual([150, 175])
  })

  test('three flows on two links', () => {
    // Link 0 is tight: 0.5 each for the first two; the third takes the other 1.5 of link 1.
    expect(ends([1, 2], flow(50, [0]), flow(100, [0, 1]), flow(150, [1]))).toEqual([100, 150, 100])
  })

  test('a cap binds one flow and leaves the rest to others', () => {
    expect(ends([4], flow(100, [0], { rateCap: 1 }), flow(300, [0]))).toEqual([100, 100])
    expect(ends([], flow(100, [], { rateCap: 8 }))).toEqual([13])
  })

  test('bytes without links, or links without bytes, take no time', () => {
    expect(ends([1], flow(100, [], { ticks: 3 }), flow(0, [0], { ticks: 4 }))).toEqual([3, 4])
  })

  test('a weight counts as so many flows, link by link if need be', () => {
    expect(ends([10], flow(100, [0], { weight: 4 }), flow(100, [0]))).toEqual([50, 50])
    expect(ends([1, 10], flow(100, [0, 1], { weight: [1, 4] }), flow(100, [1]))).toEqual([100, 17])
  })

  test('flows that share nothing do not disturb each other', () => {
    expect(ends([1, 2], flow(100, [0]), flow(100, [1]), flow(7, [1], { ticks: 60 }))).toEqual([100, 50, 64])
  })
})

test('agrees with a simulation that works out everything at every event', () => {
  fc.assert(
    fc.property(systems({ tasks: 25, streams: 4, links: 4 }), (system) => {
      const { start, end } = playTasks(graphOf(system))
      const slow = slowPlay(system)
      // Both round each end up; one may see a whole number where the other sees a trifle more.
      const slack = system.tasks.length
      for (let k = 0; k < end.length; k++) {
        expect(Math.abs(start[k] - slow.start[k])).toBeLessThanOrEqual(slack)
        expect(Math.abs(end[k] - slow.end[k])).toBeLessThanOrEqual(slack)
      }
    }),
    { numRuns: 300 },
  )
})

describe('a faster link never delays', () => {
  const factor = fc.double({ min: 1, max: 10, noNaN: true })
  const expectNoLater = (system: System, linkRates: readonly number[]) => {
    const before = playTasks(graphOf(system)).end
    playTasks(graphOf({ ...system, linkRates })).end.forEach((time, k) => {
      expect(time).toBeLessThanOrEqual(before[k])
    })
  }

  test('where each flow has its own', () => {
    fc.assert(
      fc.property(
        systems({ tasks: 30, streams: 4, links: 30 }),
        fc.array(factor, { minLength: 30, maxLength: 30 }),
        (random, factors) => {
          const system = { ...random, tasks: random.tasks.map((task, k) => ({ ...task, links: [k], weight: 1 })) }
          const faster = system.linkRates.map((rate, link) => rate * factors[link])
          expectNoLater(system, faster)
        },
      ),
      { numRuns: 200 },
    )
  })

  test('where flows that come at fixed times share one', () => {
    fc.assert(
      fc.property(systems({ tasks: 30, streams: 4, links: 1 }), factor, (random, by) => {
        const tasks = random.tasks.map(({ ticks, bytes, weight }) => ({ ticks, bytes, weight, links: [0] }))
        expectNoLater({ ...random, tasks }, [random.linkRates[0] * by])
      }),
      { numRuns: 200 },
    )
  })
})

describe('folding', () => {
  const links = 3
  /** Links below `shared` are shared by all copies, the others are each copy's own. */
  const shared = 2
  /** Close to the most that can be counted, so that the last bit of a rate moves ends by ticks. */
  const longest = 2 ** 51

  test('one flow of weight w ends as w flows do, to the tick', () => {
    fc.assert(
      fc.property(
        systems({ tasks: 12, streams: 3, links }),
        systems({ tasks: 4, streams: 2, links: shared }),
        fc.constantFrom(2, 3, 7, 10, 64, 1000, 1024),
        (smallMember, smallBackground, copies) => {
          const { makespan } = playTasks(graphOf(together(smallMember, smallBackground, 1, copies)))
          const member = lengthened(smallMember, longest / (makespan + 1))
          const background = lengthened(smallBackground, longest / (makespan + 1))
          const folded = playTasks(graphOf(together(member, background, 1, copies)))
          const unfolded = playTasks(graphOf(together(member, background, copies, 1)))
          const others = background.tasks.length
          const size = member.tasks.length
          expect(unfolded.makespan).toBe(folded.makespan)
          expect([...unfolded.end.subarray(0, others)]).toEqual([...folded.end.subarray(0, others)])
          const representative = [...folded.start.subarray(others), ...folded.end.subarray(others)]
          for (let copy = 0; copy < copies; copy++) {
            const from = others + copy * size
            const times = [...unfolded.start.subarray(from, from + size), ...unfolded.end.subarray(from, from + size)]
            if (times.some((time, k) => time !== representative[k])) expect(times).toEqual(representative)
          }
        },
      ),
      { numRuns: 60 },
    )
  })

  function lengthened(system: System, factor: number): System {
    return { ...system, tasks: system.tasks.map((task) => ({ ...task, bytes: task.bytes! * factor })) }
  }

  /** The background once, then the member's tasks for each copy, each standing for `weight` members where links are shared. */
  function together(member: System, background: System, copies: number, weight: number): System {
    const streams = 3
    const own = member.linkRates.slice(shared)
    const linkRates = member.linkRates.slice(0, shared)
    const tasks: TaskSpec[] = [...background.tasks]
    for (let copy = 0; copy < copies; copy++) {
      linkRates.push(...own)
      const base = tasks.length
      for (const task of member.tasks)
        tasks.push({
          ...task,
          after: task.after!.map((before) => base + before),
          streams: task.streams!.map((stream) => 2 + copy * streams + stream),
          links: task.links!.map((link) => (link < shared ? link : link + copy * own.length)),
          weight: task.links!.map((link) => (task.weight as number) * (link < shared ? weight : 1)),
        })
    }
    return { tasks, linkRates }
  }
})
