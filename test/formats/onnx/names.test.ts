import { expect, it } from 'vitest'
import { freeName, uniqueNodeNames } from '../../../src/formats/onnx/names.js'

it('wanted names that are taken get a prime, then numbers', () => {
  const taken = new Set(['a'])
  const repeats = new Map<string, number>()
  expect(['a', 'a', 'b', 'a'].map((name) => freeName(name, taken, repeats))).toEqual(["a'", "a'1", 'b', "a'2"])
})

it('a hundred thousand nodes of one name are named in no time', () => {
  const nodes = Array.from({ length: 100_000 }, () => ({ name: 'n', outputs: ['y'] }))
  const { user } = process.cpuUsage()
  expect(new Set(uniqueNodeNames(nodes, new Set())).size).toBe(nodes.length)
  expect((process.cpuUsage().user - user) / 1e6).toBeLessThan(10)
})
