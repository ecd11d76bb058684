import { describe, expect, test } from 'vitest'
import { foldMoves } from '../../../src/plan/diff/foldMoves.js'
import type { Move } from '../../../src/plan/diff/index.js'
import { moduleUnit } from '../../../src/plan/diff/moduleUnit.js'

const nowhere = () => undefined
const ops = (prefix: string, layers: number, each: number) =>
  Array.from({ length: layers * each }, (_, i) => `${prefix}${Math.floor(i / each)}.op_${i % each}`)

function folded(
  names: readonly string[],
  moved: (name: string) => readonly [number | null, number | null] | undefined,
) {
  const moves = names.flatMap((name): Move[] => {
    const way = moved(name)
    return way ? [[name, ...way]] : []
  })
  return foldMoves(names, moves, nowhere)
}

describe('moduleUnit', () => {
  test.each([
    ['transformer.h.3.attn.c_attn', 'transformer.h.3'],
    ['/transformer/h.3/attn/MatMul', '/transformer/h.3'],
    ['model_v2.layers.12.add_1', 'model_v2.layers.12'],
    ['block_3/attn/q', 'block_3'],
    ['model.embed.norm.mul', 'model.embed'],
    ['left.up', 'left.up'],
    ['node_Conv_749', 'node_Conv_749'],
    ['17', '17'],
    ['', ''],
    ['///', '///'],
  ])('of %j is %j', (name, unit) => {
    expect(moduleUnit(name)).toBe(unit)
  })
})

describe('foldMoves', () => {
  test('joins neighbouring layers of one way: 1,204 ops of three layers are a line', () => {
    const names = ops('transformer.h.', 12, 301)
    const groups = folded(names, (name) => (/h\.[3-6]\./.test(name) ? [0, 2] : undefined))
    expect(groups).toEqual([{ modules: 'transformer.h.3-6', from: 0, to: 2, count: 1204, of: 1204 }])
  })

  test('counts by numbers, not by letters: 9 and 10 are neighbours', () => {
    const groups = folded(ops('h.', 12, 1), (name) => (/h\.(9|10)\./.test(name) ? [0, 1] : undefined))
    expect(groups.map(({ modules }) => modules)).toEqual(['h.9-10'])
  })

  test('a module that stayed parts a range, a number that nothing has does not', () => {
    const names = ['h.1.a', 'h.2.a', 'h.3.a', 'h.7.a', 'h.8.a']
    const groups = folded(names, (name) => (name === 'h.2.a' ? undefined : [1, 0]))
    expect(groups.map(({ modules, count }) => [modules, count])).toEqual([
      ['h.3-8', 3],
      ['h.1', 1],
    ])
  })

  test('keeps modules that moved for the most part apart from those that hardly did, and says how much of it', () => {
    const names = ops('h.', 3, 4)
    const groups = folded(names, (name) => (name.startsWith('h.0') || name === 'h.1.op_2' ? [0, 1] : undefined))
    expect(groups).toEqual([
      { modules: 'h.0', from: 0, to: 1, count: 4, of: 4 },
      { modules: 'h.1', from: 0, to: 1, count: 1, of: 4 },
    ])
  })

  test('what is new or gone has a way of its own', () => {
    const groups = folded(['a', 'b', 'c'], (name) => (name === 'a' ? [null, 1] : name === 'b' ? [0, null] : undefined))
    expect(groups.map(({ modules, from, to }) => [modules, from, to])).toEqual([
      ['a', null, 1],
      ['b', 0, null],
    ])
  })

  test('a way of many groups is told by what their names begin with', () => {
    const names = Array.from({ length: 40 }, (_, i) => `node_Conv_${i}`)
    const groups = folded(names, (name) => (Number(name.slice(10)) % 2 ? [0, 1] : undefined))
    expect(groups).toEqual([{ modules: 'node_Conv_*', from: 0, to: 1, count: 20, of: 40 }])
  })

  test('of many groups, scattered ones are summed up and those that moved as one stay', () => {
    const names = ops('h.', 60, 4)
    const groups = folded(names, (name) =>
      /^h\.[0-4]\./.test(name) || /^h\.\d*[13579]\.op_0/.test(name) ? [0, 1] : undefined,
    )
    expect(groups.map(({ modules, count, of }) => [modules, count, of])).toEqual([
      ['h.*', 28, 240],
      ['h.0-4', 20, 20],
    ])
  })

  test('takes the module that a graph states before the name', () => {
    const groups = foldMoves(['n1', 'n2'], [['n1', 0, 1]], () => 'transformer.h.0.mlp')
    expect(groups).toEqual([{ modules: 'transformer.h.0', from: 0, to: 1, count: 1, of: 2 }])
  })
})
