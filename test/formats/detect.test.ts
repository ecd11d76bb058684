import { readFileSync } from 'node:fs'
import { describe, expect, test } from 'vitest'
import { UserError } from '../../src/errors/index.js'
import { detectFormat } from '../../src/formats/detect.js'
import { bytesSource, type Source } from '../../src/formats/source.js'

const source = (content: string, name = 'file') => bytesSource(name, new TextEncoder().encode(content))
const refusal = (from: Source) => {
  try {
    return detectFormat(from)
  } catch (error) {
    if (error instanceof UserError) return error.problems[0]
    throw error
  }
}
const long = JSON.stringify('x'.repeat(100_000))

describe('detectFormat', () => {
  test.each([
    ['{"kind": "stowage.graph", "ops": []}', 'stowage.graph'],
    ['{"ops": [], "edges": []}', 'stowage.graph'],
    ['{"hosts": [{"devices": {"kind": "H100"}}]}', 'stowage.cluster'],
    ['{"decisions": {}, "kind": "stowage.plan"}', 'stowage.plan'],
    [`{"decisions": ${long}, "kind": "stowage.plan"}`, 'stowage.plan'],
    ['{"cluster": {"kind": "stowage.cluster", "hosts": []}, "model": {}, "training": {}}', 'stowage.run'],
    ['{"experts": 8, "layers": []}', 'stowage.routing'],
    ['{"format": "torch-export-json-draft", "nodes": []}', 'torch-export'],
    ['{"nodes": [], "outputs": [], "range_constraints": {}}', 'torch-export'],
    ['{"maxSizePerFPGA": 1, "maxFPGAs": 2, "nodes": [], "edges": []}', 'dnn-partitioning'],
    ['{"maxDevices": 1, "bandwidth": 2, "nodes": [], "edges": []}', 'piper'],
    ['{"options": {"directed": true}, "nodes": [], "edges": []}', 'graphlib'],
    ['{"schemaVersion": 1, "traceEvents": []}', 'kineto'],
    [`{"traceEvents": [${long}`, 'kineto'],
    ['node1 -- Input0 -- forward_compute_time=0, backward_compute_time=0', 'pipedream'],
    ['op,device kind,seconds,bytes\n', 'profile-csv'],
    ['"op", "seconds"', 'profile-csv'],
    ['{"id": "a"}\n{"id": "b"}\n', 'json-lines'],
    ['{"embed": 0, "head": 1}', 'placement-map'],
    ['{ "a \\" b" : 3 }', 'placement-map'],
    ['[["embed", 0], ["head", 1]]', 'placement-map'],
  ])('%#: %.40s is a %s', (content, format) => {
    expect(detectFormat(source(content))).toBe(format)
  })

  test('a shape of ours with another kind is a slip of the pen', () => {
    for (const text of [
      '{"kind": "wat", "model": {}, "training": {}}',
      '{"kind": "stowage.rnu"}',
      '{"kind": "run", "hosts": []}',
    ])
      expect(refusal(source(text))).toMatchObject({
        code: 'E102',
        where: 'file#/kind',
        expected: expect.stringContaining('stowage.run, '),
        fix: expect.stringContaining('stowage.run'),
      })
    expect(detectFormat(source('{"kind": "config", "model_type": "llama"}'))).toBe('huggingface')
  })

  test('one line in a .jsonl file is still JSON Lines', () => {
    expect(detectFormat(source('{"model": {}, "training": {}}\n', 'runs.jsonl'))).toBe('json-lines')
  })

  test('knows ONNX by its outermost fields, cut files included', () => {
    const bytes = readFileSync(new URL('../../fixtures/resnet50.onnx', import.meta.url))
    expect(detectFormat(bytesSource('m', bytes))).toBe('onnx')
    expect(detectFormat(bytesSource('m', bytes.subarray(0, 200)))).toBe('onnx')
  })

  test('peeks at a large ONNX file only', () => {
    const head = Uint8Array.of(0x08, 8, 0x3a, 0x80, 0x80, 0x80, 0x80, 0x10)
    let asked = 0
    const large: Source = {
      name: 'large.onnx',
      size: 2 ** 32 + 8,
      read: (offset, length) => {
        asked += length
        return head.subarray(offset, offset + length)
      },
    }
    expect(detectFormat(large)).toBe('onnx')
    expect(asked).toBeLessThan(2 ** 17)
  })

  test('a batch whose lines state their kind is a batch, whatever it is called', () => {
    expect(detectFormat(source('{"kind": "stowage.run", "model": {"a": 1}}\n{"kind": "stowage.run"}\n'))).toBe(
      'json-lines',
    )
  })

  test('a kind of ours that is unknown is not guessed by shape', () => {
    expect(refusal(source('{"kind": "stowage.grph", "ops": [], "edges": []}'))).toMatchObject({
      code: 'E102',
      where: 'file#/kind',
      found: 'stowage.grph',
      fix: 'did you mean stowage.graph, stowage.gate or stowage.run?',
    })
  })

  test.each([
    ['', 'is empty', undefined],
    ['hello', 'of no kind', 'a file that begins "hello"'],
    ['{"a": 1, "b": {"ops": []}, "c": "d"}'.replace('1', '"x"'), 'of no kind', 'JSON with a, b, c'],
    ['[1, 2]', 'of no kind', 'JSON with no keys'],
    ['42', 'of no kind', 'a file that begins "42"'],
  ])('refuses %j and tells what it tried', (content, message, found) => {
    const problem = refusal(source(content))
    expect(problem).toMatchObject({ code: 'E102', ...(found && { found }) })
    expect(problem).toHaveProperty('message', expect.stringContaining(message))
    expect(problem).toHaveProperty('expected', expect.stringContaining('onnx'))
  })

  test('a broken JSON file whose kind is out of sight is a syntax error', () => {
    expect(refusal(source(`{"decisions": ${long}, kind`))).toMatchObject({ code: 'E104' })
  })
})
