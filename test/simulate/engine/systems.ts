import * as fc from 'fast-check'
import { type TaskGraph, TaskGraphBuilder, type TaskSpec } from '../../../src/simulate/engine/index.js'

/** Tasks and links before they are columns, for references and for changing one thing at a time. */
export interface System {
  readonly tasks: readonly TaskSpec[]
  readonly linkRates: readonly number[]
}

export function graphOf({ tasks, linkRates }: System): TaskGraph {
  const builder = new TaskGraphBuilder()
  for (const rate of linkRates) builder.addLink(rate)
  for (const task of tasks) builder.task(task)
  return builder.build()
}

export interface SystemShape {
  readonly tasks: number
  readonly streams: number
  readonly links: number
}

/** Systems whose tasks depend on earlier ones only, so that all of them end. */
export function systems({ tasks, streams, links }: SystemShape): fc.Arbitrary<System> {
  const task = fc.record({
    ticks: fc.oneof(fc.constant(0), fc.nat(50_000)),
    streams: fc.uniqueArray(fc.nat(streams - 1), { maxLength: 3 }),
    back: fc.uniqueArray(fc.integer({ min: 1, max: tasks }), { maxLength: 3 }),
    bytes: fc.oneof(fc.constant(0), fc.integer({ min: 1, max: 10_000_000 })),
    links: links > 0 ? fc.uniqueArray(fc.nat(links - 1), { maxLength: 3 }) : fc.constant([]),
    weight: fc.constantFrom(1, 1, 2, 5),
    rateCap: fc.oneof(fc.constant(undefined), fc.double({ min: 0.5, max: 100, noNaN: true })),
  })
  return fc.record({
    tasks: fc.array(task, { minLength: 1, maxLength: tasks, size: 'max' }).map((list) =>
      list.map(({ back, rateCap, ...rest }, k): TaskSpec => {
        const after = back.filter((distance) => distance <= k).map((distance) => k - distance)
        return { ...rest, after, ...(links > 0 && rateCap !== undefined && { rateCap }) }
      }),
    ),
    linkRates: fc.array(fc.double({ min: 0.5, max: 100, noNaN: true }), { minLength: links, maxLength: links }),
  })
}

/** Whoever must have ended before each task starts: what it names and the one before it on each stream. */
export function predecessors({ tasks }: System): number[][] {
  const last = new Map<number, number>()
  return tasks.map(({ streams = [], after = [] }, k) => {
    const before = streams.flatMap((stream) => last.get(stream) ?? [])
    for (const stream of streams) last.set(stream, k)
    return [...after, ...before]
  })
}

export const isFlow = ({ bytes = 0, links = [], rateCap }: TaskSpec) =>
  bytes > 0 && (links.length > 0 || rateCap !== undefined)
