import * as fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { buildGraph } from '../../src/graph/index.js'
import { canonicalJson, clusterHash, graphHash, hashOf } from '../../src/plan/index.js'
import { oneHost } from '../helpers/clusters.js'
import { graphOf, op } from '../helpers/graphs.js'

describe('canonicalJson', () => {
  test('is JSON of the same value, ending in one LF', () => {
    fc.assert(
      fc.property(fc.jsonValue(), (value) => {
        const text = canonicalJson(value)
        expect(JSON.parse(text)).toEqual(JSON.parse(JSON.stringify(value)))
        expect(text.endsWith('\n') && !text.includes('\r')).toBe(true)
      }),
    )
  })

  test('does not depend on the order of keys', () => {
    fc.assert(
      fc.property(fc.dictionary(fc.string(), fc.integer()), (record) => {
        const turned = Object.fromEntries(Object.entries(record).reverse())
        expect(canonicalJson(turned)).toBe(canonicalJson(record))
      }),
    )
  })

  test('sorts integer-like keys as text, leaves undefined out, keeps short lists on a line', () => {
    expect(canonicalJson({ 10: 1, 9: [1, 'a', null], b: undefined, a: {} })).toBe(
      '{\n  "10": 1,\n  "9": [1, "a", null],\n  "a": {}\n}\n',
    )
  })
})

describe('hashes', () => {
  const graph = graphOf([op('a', 1, 1), op('b', 1)], 'a>b')
  const hash = (more: object) => graphHash(buildGraph({ ...graph, ...more }))

  test('a graph is its content: not its name, nor the order of the file, nor keys that no one reads', () => {
    const expected = hash({})
    expect(hash({ name: 'other', ops: [...graph.ops].reverse() })).toBe(expected)
    expect(hash({ ops: graph.ops.map((each) => ({ comment: 'mine', ...each })) })).toBe(expected)
    expect(hash({ ops: [op('a', 1, 1), op('b', 1, undefined, { outputs: [] })] })).toBe(expected)
  })

  test.each([
    ['seconds', { ops: [op('a', 2, 1), op('b', 1)] }],
    ['bytes', { ops: [op('a', 1, 2), op('b', 1)] }],
    ['a group', { ops: [op('a', 1, 1), op('b', 1, undefined, { colocationGroup: 'g' })] }],
    ['an edge', { edges: [] }],
    ['a control edge', { edges: [{ from: 'a', to: 'b' }] }],
    ['a parameter', { parameters: [{ name: 'w', shape: [1], dtype: 'fp32' }] }],
  ])('%s changes the hash', (_what, more) => {
    expect(hash(more)).not.toBe(hash({}))
  })

  test('nested nonsense in a key that no one reads does no harm', () => {
    let deep: unknown = 1
    for (let k = 0; k < 50_000; k++) deep = [deep]
    expect(hash({ ops: graph.ops.map((each) => ({ ...each, comment: deep })) })).toBe(hash({}))
  })

  test('a cluster is its devices and links, not its name', () => {
    const cluster = oneHost(2)
    expect(clusterHash({ ...cluster, name: 'other' })).toBe(clusterHash(cluster))
    expect(clusterHash(oneHost(3))).not.toBe(clusterHash(cluster))
    expect(clusterHash(oneHost(2, 'half-duplex'))).not.toBe(clusterHash(cluster))
  })

  test('hashOf is a sha256 in hex', () => {
    expect(hashOf({})).toMatch(/^[0-9a-f]{64}$/)
    expect(hashOf({ a: 1, b: 2 })).toBe(hashOf({ b: 2, a: 1 }))
  })
})
