import { readFileSync } from 'node:fs'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { UserError } from '../../src/errors/index.js'
import { bytesSource } from '../../src/formats/source.js'
import { validateFile } from '../../src/verbs/validateFile.js'

const fixture = (name: string) => readFileSync(new URL(`../../fixtures/${name}`, import.meta.url))
const none = new Map<string, number>()
const json = (value: unknown) => bytesSource('file', new TextEncoder().encode(JSON.stringify(value)))

describe('validateFile', () => {
  test.each([
    ['diamond.json', 'stowage.graph', '9 ops'],
    ['moe-tiny.onnx', 'onnx', '87 ops'],
  ])('%s is a valid %s', (name, format, holds) => {
    expect(validateFile(bytesSource(name, fixture(name)), none)).toEqual({ file: name, format, valid: true, holds })
  })

  test('a placement map and an error document', () => {
    expect(validateFile(json({ a: 0, b: 1 }), none)).toMatchObject({ format: 'placement-map', holds: '2 placed ops' })
    const problem = { code: 'E100', message: 'm' }
    const error = { kind: 'stowage.error', schemaVersion: '1.0', error: problem, problems: [problem] }
    expect(validateFile(json(error), none)).toEqual({ file: 'file', format: 'stowage.error', valid: true })
  })

  test('tells all problems of a file', () => {
    const graph = { kind: 'stowage.graph', schemaVersion: '1.0', ops: [{ name: 1, type: 'Add' }, { name: 'b' }] }
    try {
      validateFile(json(graph), none)
      expect.unreachable()
    } catch (error) {
      expect((error as UserError).problems.map(({ where }) => where)).toEqual(['file#/ops/0/name', 'file#/ops/1/type'])
    }
  })

  test('says so when a kind has no reader', () => {
    expect(() => validateFile(json({ kind: 'stowage.routing' }), none)).toThrow(/does not read/)
  })

  test.each(['diamond.json', 'resnet14-int8.onnx', 'early-exit.onnx'])(
    '%s with broken bytes is valid or refused, never a crash',
    (name) => {
      const bytes = fixture(name)
      const edit = fc.tuple(fc.nat(bytes.length - 1), fc.integer({ min: 0, max: 255 }))
      fc.assert(
        fc.property(fc.array(edit, { minLength: 1, maxLength: 8 }), fc.option(fc.nat(bytes.length)), (edits, cut) => {
          const broken = Uint8Array.from(bytes)
          for (const [at, byte] of edits) broken[at] = byte
          try {
            validateFile(bytesSource(name, broken.subarray(0, cut ?? broken.length)), none)
          } catch (error) {
            if (!(error instanceof UserError)) throw error
          }
        }),
        { numRuns: 300 },
      )
    },
  )
})
