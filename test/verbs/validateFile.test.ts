import { readFileSync } from 'node:fs'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { UserError } from '../../src/errors/index.js'
import { bytesSource } from '../../src/formats/source.js'
import { planRun } from '../../src/verbs/planRun.js'
import { validateFile } from '../../src/verbs/validateFile.js'
import { sampleRun, tables } from '../helpers/runs.js'

const fixture = (name: string) => readFileSync(new URL(`../../fixtures/${name}`, import.meta.url))
const context = { bind: new Map<string, number>(), catalogue: { kinds: new Map(), sheets: new Map() } }
const json = (value: unknown) => bytesSource('file', new TextEncoder().encode(JSON.stringify(value)))

describe('validateFile', () => {
  test.each([
    ['diamond.json', 'stowage.graph', '9 ops'],
    ['moe-tiny.onnx', 'onnx', '87 ops'],
  ])('%s is a valid %s', (name, format, holds) => {
    expect(validateFile(bytesSource(name, fixture(name)), context)).toEqual({
      kind: 'stowage.validation',
      schemaVersion: '1.0',
      file: name,
      format,
      valid: true,
      holds,
      warnings: [],
    })
  })

  test('a run, with what is ignored in it', () => {
    const run = { model: 'llama3-8b', cluster: 'h100x8', training: { globalBatch: 8, microBatch: 1 } }
    expect(validateFile(json(run), context)).toMatchObject({
      format: 'stowage.run',
      warnings: ['file#/training/microBatch is ignored: did you mean microbatch?'],
    })
  })

  test('a cluster, with what is ignored in it', () => {
    const group = { kind: 'generic', count: 2, memoryBytes: 1e9 }
    const interconnect = { topology: 'switch', bytesPerSecond: 1e9, latencySeconds: 0 }
    const cluster = { hosts: [{ devices: group, interconnect }], transfer: 'half-duplex' }
    expect(validateFile(json(cluster), context)).toMatchObject({
      format: 'stowage.cluster',
      holds: '2 devices',
      warnings: [expect.stringContaining('did you mean transfers?')],
    })
  })

  test('a placement map and an error document', () => {
    expect(validateFile(json({ a: 0, b: 1 }), context)).toMatchObject({
      format: 'placement-map',
      holds: '2 placed ops',
    })
    const problem = { code: 'E100', message: 'm' }
    const error = { kind: 'stowage.error', schemaVersion: '1.0', error: problem, problems: [problem] }
    expect(validateFile(json(error), context)).toEqual({
      kind: 'stowage.validation',
      schemaVersion: '1.0',
      file: 'file',
      format: 'stowage.error',
      valid: true,
      warnings: [],
    })
  })

  test('a config with comments, and what is wrong in one', () => {
    const file = (text: string) => bytesSource('file', new TextEncoder().encode(text))
    const plan = '{ "name": "m", "model": "m.onnx", "cluster": "h100x4" }'
    const config = file(`{\n  // "base": "git:main",\n  "plans": [${plan}],\n}`)
    expect(validateFile(config, context)).toMatchObject({ format: 'stowage.config', holds: '1 plan' })
    expect(() => validateFile(file(`{ "plans": [${plan}], "budgetz": {} }`), context)).toThrow(/budgetz is no setting/)
  })

  test('the plan of a training run, and a report of the gate', () => {
    const plan = planRun(sampleRun(), 'run', tables)
    expect(validateFile(json(plan), context)).toMatchObject({ format: 'stowage.plan', warnings: [] })
    const gate = { kind: 'stowage.gate', schemaVersion: '1.0', tool: 't', status: 'ok', exitCode: 0, plans: [] }
    const report = { ...gate, removed: [], notes: [] }
    expect(validateFile(json(report), context)).toMatchObject({ format: 'stowage.gate' })
    expect(() => validateFile(json({ ...report, plans: 'no' }), context)).toThrow(/plans is wrong/)
  })

  test('tells all problems of a file', () => {
    const graph = { kind: 'stowage.graph', schemaVersion: '1.0', ops: [{ name: 1, type: 'Add' }, { name: 'b' }] }
    try {
      validateFile(json(graph), context)
      expect.unreachable()
    } catch (error) {
      expect((error as UserError).problems.map(({ where }) => where)).toEqual(['file#/ops/0/name', 'file#/ops/1/type'])
    }
  })

  test('says so when a kind has no reader', () => {
    expect(() => validateFile(json({ kind: 'stowage.routing' }), context)).toThrow(/does not read/)
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
            validateFile(bytesSource(name, broken.subarray(0, cut ?? broken.length)), context)
          } catch (error) {
            if (!(error instanceof UserError)) throw error
          }
        }),
        { numRuns: 300 },
      )
    },
  )
})
