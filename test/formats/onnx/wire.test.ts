import { create, type MessageInitShape, toBinary } from '@bufbuild/protobuf'
import { ModelProtoSchema, type TensorShapeProto_DimensionSchema } from 'onnx-buf'
import { describe, expect, it } from 'vitest'
import { readOnnx } from '../../../src/formats/onnx/index.js'
import { bytesSource } from '../../../src/formats/source.js'
import { block, bytes, graph, int, ints, key, model, node, text, value, varint, weight } from './build.js'
import { failure, op, output, read, readGraph } from './read.js'

const relu = { nodes: [node('Relu', ['x'], ['y'])], inputs: [value('x', [2, 3])], outputs: [value('y', [2, 3])] }

describe('the wire walker', () => {
  it('reads what an independent encoder writes', () => {
    const floatTensor = (...dim: MessageInitShape<typeof TensorShapeProto_DimensionSchema>[]) => ({
      value: { case: 'tensorType' as const, value: { elemType: 1, shape: { dim } } },
    })
    const file = toBinary(
      ModelProtoSchema,
      create(ModelProtoSchema, {
        irVersion: 8n,
        opsetImport: [{ domain: '', version: 17n }],
        graph: {
          name: 'g',
          node: [
            { opType: 'MatMul', input: ['x', 'w'], output: ['m'], name: 'mm' },
            {
              opType: 'Transpose',
              input: ['m'],
              output: ['y'],
              name: 't',
              attribute: [{ name: 'perm', type: 7, ints: [1n, 0n] }],
            },
          ],
          input: [
            {
              name: 'x',
              type: floatTensor(
                { value: { case: 'dimValue', value: 4n } },
                { value: { case: 'dimParam', value: 'k' } },
              ),
            },
          ],
          output: [{ name: 'y' }],
          initializer: [{ name: 'w', dims: [8n, 3n], dataType: 1, rawData: new Uint8Array(96) }],
        },
      }),
    )
    const result = read(file, { k: 8 })
    expect(result.facts.opsets).toEqual({ 'ai.onnx': 17 })
    expect(op(result, 'mm')).toMatchObject({ matrixFlops: 2 * 4 * 8 * 3, parameterBytes: 96 })
    expect(output(result, 'y').shape).toEqual([3, 4])
  })

  it('reads packed and unpacked lists and negative numbers alike', () => {
    const unpacked = readGraph({ ...relu, nodes: [node('Transpose', ['x'], ['y'], { perm: [1, 0] })] })
    const packedPerm = [...text(1, 'perm'), ...block(8, [...varint(1), ...varint(0)]), ...int(20, 7)]
    const packed = readGraph({ ...relu, nodes: [[...node('Transpose', ['x'], ['y']), ...block(5, packedPerm)]] })
    expect(output(packed, 'y').shape).toEqual([3, 2])
    expect(output(unpacked, 'y').shape).toEqual([3, 2])
    const negative = readGraph({ ...relu, nodes: [node('Concat', ['x', 'x'], ['y'], { axis: -1 })] })
    expect(output(negative, 'y').shape).toEqual([2, 6])
  })

  it('takes small constants from raw, int64 and int32 data', () => {
    const shapes = [
      ints('s', [3, -1]),
      [...int(1, 2), ...int(2, 7), ...block(7, [...varint(3), ...varint(-1)]), ...text(8, 's')],
      [...int(1, 2), ...int(2, 7), ...int(7, 3), ...int(7, -1), ...text(8, 's')],
      [...int(1, 2), ...int(2, 6), ...block(5, [...varint(3), ...varint(-1)]), ...text(8, 's')],
    ]
    for (const shape of shapes) {
      const result = readGraph({ ...relu, nodes: [node('Reshape', ['x', 's'], ['y'])], initializers: [shape] })
      expect(output(result, 'y').shape).toEqual([3, 2])
    }
  })

  it('steps over unknown fields, groups included', () => {
    const group = [...key(999, 3), ...int(5, 7), ...key(6, 3), ...key(6, 4), ...key(999, 4)]
    const file = bytes(
      int(1, 8),
      group,
      block(777, [1, 2, 3]),
      key(778, 1),
      new Uint8Array(8),
      key(779, 5),
      new Uint8Array(4),
      model(relu),
    )
    expect(read(file).description.ops.map((o) => o.type)).toEqual(['Input', 'Relu'])
  })

  it('never reads tensor data, and reads beyond 4 GiB', () => {
    const rawLength = 5 * 2 ** 30
    const dims = [rawLength / 4 / 4096, 4096]
    const weightHead = [
      ...dims.flatMap((d) => int(1, d)),
      ...int(2, 1),
      ...text(8, 'w'),
      ...key(9, 2),
      ...varint(rawLength),
    ]
    const rest = graph({
      nodes: [node('MatMul', ['w', 'x'], ['y'], {}, { name: 'mm' })],
      inputs: [value('x', [4096, 2])],
      outputs: [value('y', [dims[0]!, 2])],
    }).proto
    const initializer = [...key(5, 2), ...varint(weightHead.length + rawLength), ...weightHead]
    const head = bytes(
      int(1, 8),
      block(8, int(2, 18)),
      key(7, 2),
      varint(initializer.length + rawLength + rest.length),
      initializer,
    )
    const tail = Uint8Array.from(rest)
    let furthest = 0
    let most = 0
    const source = {
      name: 'huge.onnx',
      size: head.length + rawLength + tail.length,
      read: (offset: number, length: number): Uint8Array => {
        furthest = Math.max(furthest, offset)
        most = Math.max(most, length)
        const window = new Uint8Array(Math.min(length, source.size - offset))
        for (let i = 0; i < window.length; i++) {
          const at = offset + i
          window[i] =
            at < head.length ? head[at]! : at < head.length + rawLength ? 0xff : tail[at - head.length - rawLength]!
        }
        return window
      },
    }
    const result = readOnnx(source, { name: 'huge' })
    expect(op(result, 'mm')).toMatchObject({ parameterBytes: rawLength, matrixFlops: 2 * (rawLength / 4) * 2 })
    expect(furthest).toBeGreaterThan(2 ** 32)
    expect(most).toBeLessThanOrEqual(256 << 10)
  })

  it('names the byte at which a broken file breaks', () => {
    const whole = model({ ...relu, initializers: [weight('w', [4, 4])] })
    for (const file of [
      whole.subarray(0, whole.length - 3),
      bytes(0x3a, 0xff, 0xff, 0xff, 0xff, 0x7f),
      bytes(0),
      bytes(0xff),
    ]) {
      const error = failure(() => read(file))
      expect(error.code).toBe('E106')
      expect(error.problems[0].where).toMatch(/^test\.onnx, byte \d+$/)
    }
    expect(failure(() => read(new Uint8Array(0))).code).toBe('E106')
  })

  it('refuses numbers no model has', () => {
    expect(failure(() => readGraph({ ...relu, initializers: [weight('w', [2 ** 40, 2 ** 40])] })).code).toBe('E204')
    expect(failure(() => readGraph({ ...relu, initializers: [weight('w', [-3])] })).code).toBe('E204')
    expect(failure(() => readGraph({ ...relu, inputs: [value('x', [2 ** 30, 2 ** 30])] })).code).toBe('E204')
  })

  it('refuses nesting without end', () => {
    let nested: number[] = []
    for (let i = 0; i < 100; i++) nested = block(1, block(5, block(6, nested)))
    const file = bytes(block(7, nested))
    expect(failure(() => readOnnx(bytesSource('deep.onnx', file), { name: 'deep' })).code).toBe('E107')
  })
})
