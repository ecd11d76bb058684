import { expect, test } from 'vitest'
import { z } from 'zod'
import { Problems, UserError } from '../../src/errors/index.js'
import { readJson } from '../../src/formats/json.js'
import { inParts } from '../../src/formats/longLists.js'
import { parseInto } from '../../src/formats/schemaProblems.js'
import { bytesSource } from '../../src/formats/source.js'

const long = (length: number, bad: readonly number[] = []) =>
  Array.from({ length }, (_, i) => (bad.includes(i) ? 'bad' : i))

test('a document without long lists is one part, itself', () => {
  const value = { a: [1, 2], b: { c: null } }
  const parts = [...inParts(value)]
  expect(parts).toHaveLength(1)
  expect(parts[0].value).toBe(value)
})

test('parts hold every entry, and short lists whole', () => {
  const value = { long: long(25_000), short: [1, 2, 3] }
  const parts = [...inParts(value)].map((part) => part.value as typeof value)
  expect(parts.flatMap((part) => part.long)).toEqual(value.long)
  expect(parts.map((part) => part.short)).toEqual([
    [1, 2, 3],
    [1, 2, 3],
    [1, 2, 3],
  ])
})

test.each([
  ['a list', { at: long(25_000, [12_345, 24_999]) }, '/at/12345'],
  ['a record', { at: Object.fromEntries(long(25_000, [12_345]).map((each, i) => [`k${i}`, each])) }, '/at/k12345'],
])('the first bad stretch of %s is told by its place in the whole', (_what, value, pointer) => {
  const problems = new Problems()
  const numbers = z.union([z.array(z.number()), z.record(z.string(), z.number())])
  expect(parseInto(z.object({ at: numbers }), value, 'f', problems)).toBeUndefined()
  expect(() => problems.throwIfAny()).toThrow(UserError)
  try {
    problems.throwIfAny()
  } catch (error) {
    expect((error as UserError).problems.map(({ where }) => where)).toEqual([`f#${pointer}`])
  }
})

test('a file of brackets is refused before it is taken apart', () => {
  const file = (text: string) => bytesSource('f', new TextEncoder().encode(text))
  expect(() => readJson(file(`[${'[],'.repeat(2e6)}[]]`))).toThrow(/little but brackets/)
  expect(readJson(file(`[${'[],'.repeat(2e5)}[]]`))).toHaveLength(200_001)
})
