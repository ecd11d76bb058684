import { describe, expect, test } from 'vitest'
import { placeCoarse } from '../../src/place/coarse.js'
import { moduleBlocks } from '../../src/place/coarseBlocks.js'
import { blockSeeds } from '../../src/place/coarseSeeds.js'
import { movableUnits } from '../../src/place/improve/units.js'
import { justified } from '../../src/place/justified.js'
import { certify } from '../../src/place/lowerBound.js'
import type { Placement } from '../../src/place/placement.js'
import { placeTopo } from '../../src/place/topo.js'
import { replay, type SchedulingProblem, verifyOrder } from '../../src/schedule/index.js'
import { oneHost } from '../helpers/clusters.js'
import { edges, op, problemOf } from '../helpers/graphs.js'

/** A chain of layers, each two branches of parts; every part with a forward, a backward and an optimizer op, tied by its weights. */
function layers(count: number) {
  const ops = []
  const arrows: string[] = []
  let last = 'in'
  let next = ''
  ops.push(op('in', 0.1, 100))
  for (let l = 0; l < count; l++) {
    for (const part of ['a', 'b']) {
      const name = `l${String(l).padStart(3, '0')}.${part}`
      const module = `layers.${l}.${part}`
      const tied = { module, colocationGroup: name }
      ops.push(op(name, 1, 100, { ...tied, parameterBytes: 1000 }))
      ops.push(op(`${name}.back`, 2, 100, { ...tied, phase: 'backward' }))
      ops.push(op(`${name}.opt`, 1, undefined, { ...tied, phase: 'optimizer' }))
      arrows.push(`${last}>${name}`, `${name}>${name}.back`, `${name}.back>${name}.opt`)
      if (next) arrows.push(`${name}.back>${next}.back`)
    }
    last = `l${String(l).padStart(3, '0')}.a`
    next = last
  }
  return { name: 'layers', ops, edges: edges(...arrows.filter((arrow) => !arrow.startsWith('in.'))) }
}

const fast = { link: { bytesPerSecond: 1e7, latencySeconds: 1e-6 } }
const problem = problemOf(layers(90), oneHost(4, 'full-duplex', fast), [100_000, 100_000, 100_000, 100_000])
const given = (of: SchedulingProblem): Placement => {
  const attempt = placeTopo(of)
  if ('miss' in attempt) throw new Error('topo found nothing')
  return justified(of, attempt.placement)
}
const options = (of: SchedulingProblem, effort = 0.1) => ({ effort, boundTicks: certify(of).ticks })

describe('blocks', () => {
  const units = movableUnits(problem)

  test('layers hold the modules whose path begins alike, and the op without one that feeds the first', () => {
    expect(units.count).toBe(181)
    const blocks = moduleBlocks(problem, units, 'layer')!
    expect(blocks.count).toBe(90)
    expect(new Set(blocks.unitOf)).toHaveLength(90)
    problem.graph.ops.forEach(({ module }, i) => {
      problem.graph.ops.forEach((other, j) => {
        const alike = module !== undefined && module.split('.')[1] === other.module?.split('.')[1]
        if (i !== j && alike) expect(blocks.unitOf[i]).toBe(blocks.unitOf[j])
      })
    })
  })

  test('nothing is coarser without modules', () => {
    const { ops, ...rest } = layers(4)
    const plain = problemOf({ ...rest, ops: ops.map(({ module: _, ...each }) => each) }, oneHost(2))
    expect(moduleBlocks(plain, movableUnits(plain), 'layer')).toBeUndefined()
  })

  test('maps keep blocks whole and within what devices hold', () => {
    const tight = problemOf(layers(90), oneHost(4), [50_000, 60_000, 50_000, 60_000])
    const blocks = moduleBlocks(tight, movableUnits(tight), 'layer')!
    const seeds = blockSeeds(tight, blocks)
    expect(seeds.length).toBeGreaterThan(4)
    for (const deviceOf of seeds) {
      const kept = new Float64Array(4)
      deviceOf.forEach((d, i) => {
        expect(d).toBe(deviceOf[blocks.ops[blocks.start[blocks.unitOf[i]]]])
        kept[d] += tight.graph.parameterBytes[i]
      })
      kept.forEach((bytes, d) => {
        expect(bytes).toBeLessThanOrEqual(tight.memoryLimits[d])
      })
    }
  })
})

describe('from coarse to fine', () => {
  const found = placeCoarse(problem, given(problem), options(problem))

  test('a chain of layers with optimizers beside it comes shorter than in runs, legal and as replayed', () => {
    expect(found.placer).toBe('coarse')
    expect(found.schedule.makespan).toBeLessThan(0.9 * given(problem).schedule.makespan)
    verifyOrder(problem, found.deviceOf, found.order)
    expect(replay(problem, found.deviceOf, found.order).makespan).toBe(found.schedule.makespan)
    found.peakBytes.forEach((bytes, d) => {
      expect(bytes).toBeLessThanOrEqual(problem.memoryLimits[d])
    })
  })

  test('the order of ops and edges in the file does not matter', () => {
    const { ops, edges: all, ...rest } = layers(90)
    const turned = { ...rest, ops: ops.toReversed(), edges: all.toReversed() }
    const same = problemOf(turned, problem.cluster, [...problem.memoryLimits])
    expect([...placeCoarse(same, given(same), options(same)).deviceOf]).toEqual([...found.deviceOf])
  })

  test('never longer than what is given, which stays where effort is 0 or modules are unknown', () => {
    expect(placeCoarse(problem, found, options(problem)).schedule.makespan).toBeLessThanOrEqual(found.schedule.makespan)
    const start = given(problem)
    expect(placeCoarse(problem, start, options(problem, 0))).toBe(start)
    const { ops, ...rest } = layers(90)
    const plain = problemOf({ ...rest, ops: ops.map(({ module: _, ...each }) => each) }, problem.cluster)
    const unknown = given(plain)
    expect(placeCoarse(plain, unknown, options(plain))).toBe(unknown)
  })
})
