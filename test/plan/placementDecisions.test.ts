import { describe, expect, test } from 'vitest'
import { UserError } from '../../src/errors/index.js'
import { buildGraph } from '../../src/graph/index.js'
import { canonicalJson, type OrderEntry, placementDecisions, readOrder, readPlacement } from '../../src/plan/index.js'
import { edges, op } from '../helpers/graphs.js'
import { hostileNames } from '../helpers/instances.js'

const graph = buildGraph({ name: 'g', ops: [op('a', 1, 1), op('b', 1)], edges: edges('a>b') })

function problemsOf(act: () => unknown) {
  try {
    act()
  } catch (error) {
    if (error instanceof UserError) return error.problems
    throw error
  }
  throw new Error('was accepted')
}

test('hostile names survive the way through JSON', () => {
  const hostile = buildGraph({ name: 'h', ops: hostileNames.map((name) => op(name, 1)), edges: [] })
  const deviceOf = Int32Array.from(hostileNames, (_, k) => k)
  const order = { item: Int32Array.from(hostileNames.keys()), to: new Int32Array(hostileNames.length).fill(-1) }
  const { placement } = JSON.parse(canonicalJson(placementDecisions(hostile, deviceOf, order)))
  expect(readPlacement(hostile, new Map(Object.entries(placement)), 'p')).toEqual(deviceOf)
})

describe('readPlacement', () => {
  test('E601: every op that lacks a device and every name that is no op, at once', () => {
    expect(problemsOf(() => readPlacement(graph, new Map([['c', 0]]), 'map.json'))).toMatchObject([
      { code: 'E601', message: 'a has no device', where: 'map.json', fix: 'place every op of the graph' },
      { code: 'E601', message: 'b has no device' },
      { code: 'E601', message: 'the graph has no op c', fix: 'was the map made for another graph?' },
    ])
  })

  test.each([2 ** 31, 2 ** 32, 2 ** 32 + 1, -1, 0.5, Number.NaN, '0' as unknown as number])(
    'E601: device %s',
    (device) => {
      const map = new Map([
        ['a', device],
        ['b', 0],
      ])
      expect(problemsOf(() => readPlacement(graph, map, 'p'))).toMatchObject([
        { code: 'E601', message: `a is placed on device ${device}` },
      ])
    },
  )
})

describe('readOrder', () => {
  test('numbers ops and transfers', () => {
    expect(readOrder(graph, ['a', ['a.out', 1], 'b'], 'p')).toEqual({
      item: Int32Array.of(0, 0, 1),
      to: Int32Array.of(-1, 1, -1),
    })
  })

  test.each<[string, OrderEntry, string]>([
    ['an op that is none', 'c', 'the graph has no op c'],
    ['a tensor that is none', ['a', 1], 'the graph has no tensor a'],
    ['a device that 32 bits would take for "no transfer"', ['a.out', 2 ** 32 - 1], 'a.out moves to device 4294967295'],
    ['a device that 32 bits would take for device 1', ['a.out', 2 ** 32 + 1], 'a.out moves to device 4294967297'],
  ])('E602: %s', (_what, entry, message) => {
    expect(problemsOf(() => readOrder(graph, ['a', entry, 'b'], 'plan.json#/decisions/order'))).toMatchObject([
      { code: 'E602', message, where: 'plan.json#/decisions/order/1' },
    ])
  })
})
