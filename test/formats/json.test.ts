import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { UserError } from '../../src/errors/index.js'
import { parseJson, readJson } from '../../src/formats/json.js'
import { firstSyntaxError } from '../../src/formats/jsonSyntax.js'
import { bytesSource } from '../../src/formats/source.js'

const source = (text: string) => bytesSource('a.json', new TextEncoder().encode(text))
const problemOf = (run: () => unknown) => {
  try {
    run()
  } catch (error) {
    if (error instanceof UserError) return error.problems[0]
    throw error
  }
  return undefined
}

const broken: readonly (readonly [text: string, line: number, column: number, expected: string])[] = [
  ['', 1, 1, 'a value'],
  ['{"a": 1,}', 1, 9, 'a key in double quotes'],
  ['{"a": 1\n "b": 2}', 2, 2, 'a comma or the closing bracket'],
  ['[1, 2', 1, 6, 'a comma or the closing bracket'],
  ["{'a': 1}", 1, 2, 'a key in double quotes or }'],
  ['{"a" 1}', 1, 6, 'a colon'],
  ['[01]', 1, 3, 'a comma or the closing bracket'],
  ['{"a":\n\n  NaN}', 3, 3, 'a value'],
  ['[tru]', 1, 2, 'a value or ]'],
  ['["a\nb"]', 1, 2, 'a string that ends on its line, with valid escapes'],
  ['{} x', 1, 4, 'nothing after the value'],
  ['[1}', 1, 3, 'a comma or the closing bracket'],
]

describe('readJson', () => {
  test.each(broken)('%j: line %i, column %i, expected %s', (text, line, column, expected) => {
    expect(problemOf(() => readJson(source(text)))).toMatchObject({
      code: 'E104',
      where: `a.json:${line}:${column}`,
      expected,
    })
  })

  test('counts lines of a JSON Lines file from where the text stands in it', () => {
    expect(problemOf(() => parseJson('{"a" 1}', 'runs.jsonl', 7))?.where).toBe('runs.jsonl:7:6')
  })

  test('refuses bytes that are not UTF-8', () => {
    expect(problemOf(() => readJson(bytesSource('a.json', Uint8Array.of(0x22, 0xff, 0x22))))).toMatchObject({
      code: 'E104',
    })
  })

  test('takes a byte order mark', () => {
    expect(readJson(source('\ufeff{"a": 1}'))).toEqual({ a: 1 })
  })

  test('refuses a newer major version, not a newer minor one or the versions of others', () => {
    expect(problemOf(() => readJson(source('{"kind": "stowage.plan", "schemaVersion": "2.0"}')))).toMatchObject({
      code: 'E103',
      where: 'a.json#/schemaVersion',
      found: '2.0',
    })
    for (const text of ['{"kind": "stowage.plan", "schemaVersion": "1.9"}', '{"kind": "other", "schemaVersion": "7"}'])
      expect(problemOf(() => readJson(source(text)))).toBeUndefined()
  })

  test('refuses a file beyond the longest string before reading it', () => {
    const huge = { name: 'huge.json', size: 2 ** 30, read: () => expect.unreachable() }
    expect(problemOf(() => readJson(huge))).toMatchObject({ code: 'E107', found: String(2 ** 30) })
  })
})

describe('firstSyntaxError', () => {
  test('walks every valid text to its end', () => {
    fc.assert(
      fc.property(fc.json(), (text) => {
        expect(firstSyntaxError(text)).toEqual({ offset: text.length, expected: 'nothing after the value' })
      }),
    )
  })

  test('finds an error in every text that JSON.parse refuses, and in no other', () => {
    fc.assert(
      fc.property(fc.json(), fc.nat(), fc.constantFrom(...'{}[]":,x1\\ \n'), (text, place, character) => {
        const at = place % (text.length + 1)
        const changed = text.slice(0, at) + character + text.slice(at)
        const { offset, expected } = firstSyntaxError(changed)
        let valid = true
        try {
          JSON.parse(changed)
        } catch {
          valid = false
        }
        expect(offset === changed.length && expected === 'nothing after the value').toBe(valid)
      }),
      { numRuns: 500 },
    )
  })

  test('needs no stack for deep nesting', () => {
    const depth = 200_000
    expect(firstSyntaxError(`${'['.repeat(depth)}x`).offset).toBe(depth)
  })
})
