import { describe, expect, test } from 'vitest'
import { buildGraph, foldFreeOps, type GraphDescription, type OpDescription } from '../../src/graph/index.js'
import { op } from '../helpers/graphs.js'

const view = (name: string, of: string | null, more: Partial<OpDescription> = {}): OpDescription => ({
  name,
  type: 'Reshape',
  outputs: [{ name: `${name}.out`, bytes: 8, aliasOf: of }],
  ...more,
})
const data = (from: string, to: string) => ({ from, to, output: `${from}.out` })
const fold = (ops: readonly OpDescription[], edges: GraphDescription['edges']) => foldFreeOps({ name: 'g', ops, edges })
const names = ({ ops }: GraphDescription) => ops.map(({ name }) => name)

describe('foldFreeOps', () => {
  test('leaves a graph without views alone', () => {
    const description = { name: 'g', ops: [op('a', 1, 8), op('b', 1)], edges: [data('a', 'b')] }
    expect(foldFreeOps(description)).toBe(description)
  })

  test('a chain of views reads the tensor behind it', () => {
    const folded = fold(
      [op('a', 1, 8), view('v', 'a.out'), view('w', 'v.out'), op('b', 1)],
      [data('a', 'v'), data('v', 'w'), data('w', 'b')],
    )
    expect(names(folded)).toEqual(['a', 'b'])
    expect(folded.edges).toEqual([{ from: 'a', to: 'b', output: 'a.out', bytes: 8 }])
  })

  test("a constant's readers lose that input", () => {
    const folded = fold([view('k', null), op('a', 1, 8), op('b', 1)], [data('k', 'b'), data('a', 'b')])
    expect(names(folded)).toEqual(['a', 'b'])
    expect(folded.edges).toEqual([data('a', 'b')])
  })

  test('a view of what no op makes, a weight, carries nothing', () => {
    const folded = fold([view('v', 'weight'), op('b', 1)], [data('v', 'b')])
    expect(names(folded)).toEqual(['b'])
    expect(folded.edges).toEqual([])
  })

  test('control edges go through folded ops', () => {
    const folded = fold(
      [op('s', 1), op('a', 1, 8), view('v', 'a.out'), view('w', 'v.out'), op('b', 1)],
      [data('a', 'v'), data('v', 'w'), data('w', 'b'), { from: 's', to: 'v' }],
    )
    expect(folded.edges).toContainEqual({ from: 's', to: 'b' })
    expect(() => buildGraph(folded)).not.toThrow()
  })

  test('an op that works stays, and its readers still wait for it', () => {
    const folded = fold(
      [op('a', 1, 8), view('inPlace', 'a.out', { seconds: 1 }), op('b', 1)],
      [data('a', 'inPlace'), data('inPlace', 'b')],
    )
    expect(names(folded)).toEqual(['a', 'inPlace', 'b'])
    expect(folded.edges).toContainEqual({ from: 'a', to: 'b', output: 'a.out', bytes: 8 })
    expect(folded.edges).toContainEqual({ from: 'inPlace', to: 'b' })
  })

  test('an input that a view needs beside its tensor still comes first', () => {
    const folded = fold(
      [op('a', 1, 8), op('shape', 1, 8), view('v', 'a.out'), op('b', 1)],
      [data('a', 'v'), data('shape', 'v'), data('v', 'b')],
    )
    expect(folded.edges).toContainEqual({ from: 'shape', to: 'b' })
  })

  test('views in a circle are left as they are, at no cost in time', () => {
    const count = 20_000
    const ops = Array.from({ length: count }, (_, k) => view(`v${k}`, `v${(k + 1) % count}.out`))
    const before = performance.now()
    expect(fold(ops, []).ops).toEqual(ops)
    expect(performance.now() - before).toBeLessThan(2000)
  })

  test('views of a view in a circle are left too', () => {
    const ops = [view('a', 'b.out'), view('b', 'a.out'), view('c', 'a.out')]
    expect(fold(ops, []).ops).toEqual(ops)
  })
})
