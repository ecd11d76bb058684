import { describe, expect, it } from 'vitest'
import { foldFreeOps } from '../../../src/graph/index.js'
import { block, ints, node, tensor, text, value, weight } from './build.js'
import { op, output, readGraph } from './read.js'

const types = { int8: 3, fp16: 10, int32: 6, bf16: 16, int4: 22, uint8: 2 }

describe('weights', () => {
  it('count once when tied, on the first op by name, which share a device', () => {
    const result = readGraph({
      nodes: [
        node('Gather', ['wte', 'ids'], ['e'], {}, { name: 'z_embed' }),
        node('Transpose', ['wte'], ['wt'], { perm: [1, 0] }),
        node('MatMul', ['e', 'wt'], ['y'], {}, { name: 'a_head' }),
      ],
      inputs: [value('ids', [2, 5], 7)],
      outputs: [value('y', undefined)],
      initializers: [weight('wte', [50257, 768])],
    })
    const bytes = 50257 * 768 * 4
    expect(result.facts).toMatchObject({ parameters: 50257 * 768, parameterBytes: bytes })
    expect(op(result, 'a_head')).toMatchObject({ parameterBytes: bytes, colocationGroup: 'wte' })
    expect(op(result, 'z_embed')).toMatchObject({ colocationGroup: 'wte' })
    expect(op(result, 'z_embed').parameterBytes).toBeUndefined()
    expect(op(result, 'z_embed').bytesAccessed).toBeLessThan(bytes / 100)
    expect(foldFreeOps(result.description).ops.map((o) => o.name)).toEqual(['ids', 'z_embed', 'a_head'])
    expect(result.description.parameters).toEqual([
      { name: 'wte', shape: [50257, 768], dtype: 'fp32', op: 'a_head', readers: ['a_head', 'z_embed'] },
    ])
  })

  it('under two names at the same external bytes are one, called by the lesser', () => {
    const outside = (name: string, offset: string): number[] => [
      ...weight(name, [512, 64]),
      ...Object.entries({ location: 'w.bin', offset, length: '131072', checksum: name }).flatMap(([k, v]) =>
        block(13, [...text(1, k), ...text(2, v)]),
      ),
    ]
    const load = (offset: string) =>
      readGraph({
        nodes: [
          node('Gather', ['b.table', 'ids'], ['e'], {}, { name: 'embed' }),
          node('Gather', ['a.head', 'ids'], ['f'], {}, { name: 'embed2' }),
        ],
        inputs: [value('ids', [2, 5], 7)],
        outputs: [value('e', undefined), value('f', undefined)],
        initializers: [outside('b.table', '0'), outside('a.head', offset)],
      })
    const tied = load('0')
    expect(tied.facts.parameters).toBe(512 * 64)
    expect(tied.description.parameters).toMatchObject([{ name: 'a.head', readers: ['embed', 'embed2'] }])
    expect(op(tied, 'embed2').colocationGroup).toBe('a.head')
    expect(load('131072').facts.parameters).toBe(2 * 512 * 64)
  })

  it('that exporters merged because they are equal do not glue layers together', () => {
    const result = readGraph({
      nodes: [node('Add', ['x', 'zeros'], ['a']), node('Add', ['a', 'zeros'], ['y'])],
      inputs: [value('x', [2, 768])],
      outputs: [value('y', undefined)],
      initializers: [weight('zeros', [768])],
    })
    expect(result.description.ops.map((o) => [o.parameterBytes, o.colocationGroup])).toEqual([
      [undefined, undefined],
      [3072, undefined],
      [undefined, undefined],
    ])
  })

  it('are not masks that an exporter computed, the same for all heads; biases of positions are', () => {
    const result = readGraph({
      nodes: [node('Add', ['x', 'folded'], ['a']), node('Add', ['a', 'positions'], ['y'])],
      inputs: [value('x', [2, 4, 3, 16, 16])],
      outputs: [value('y', undefined)],
      initializers: [weight('folded', [1, 4, 1, 16, 16]), weight('positions', [1, 1, 3, 16, 16])],
    })
    expect(result.description.parameters?.map(({ name }) => name)).toEqual(['positions'])
  })

  it('are not scalars, shapes, scales, indices, settings or masks', () => {
    const result = readGraph({
      nodes: [
        node('Mul', ['x', 'scalar'], ['a']),
        node('Reshape', ['a', 'shape'], ['b']),
        node('Clip', ['b', 'low'], ['c']),
        node('Add', ['c', 'attn_mask'], ['d']),
        node('Gather', ['d', 'index'], ['e']),
        node('QuantizeLinear', ['e', 'scale', 'zero'], ['y']),
      ],
      inputs: [value('x', [4, 6])],
      outputs: [value('y', undefined)],
      initializers: [
        weight('scalar', []),
        ints('shape', [6, 4]),
        weight('low', [1]),
        weight('attn_mask', [6, 4]),
        ints('index', [0, 1]),
        weight('scale', [4]),
        weight('zero', [4], types.int8),
      ],
    })
    expect(result.facts.parameters).toBe(0)
    expect(result.description.parameters).toEqual([])
  })

  it('behind DequantizeLinear weigh their integers, and the product runs on integers', () => {
    const result = readGraph({
      nodes: [
        node('QuantizeLinear', ['x', 's', 'z'], ['xq']),
        node('DequantizeLinear', ['xq', 's', 'z'], ['xd']),
        node('DequantizeLinear', ['wq', 's', 'z'], ['wd']),
        node('DequantizeLinear', ['bq', 's'], ['bd']),
        node('Transpose', ['wd'], ['wt'], { perm: [1, 0] }),
        node('Gemm', ['xd', 'wt', 'bd'], ['y'], {}, { name: 'gemm' }),
      ],
      inputs: [value('x', [4, 32])],
      outputs: [value('y', undefined)],
      initializers: [
        weight('s', []),
        weight('z', [], types.int8),
        weight('wq', [16, 32], types.int8),
        weight('bq', [16], types.int32),
      ],
    })
    expect(op(result, 'gemm')).toMatchObject({ dtype: 'int8', parameterBytes: 512 + 64, matrixFlops: 2 * 4 * 32 * 16 })
    expect(result.facts).toMatchObject({ parameters: 528, parameterBytes: 576 })
    expect(output(result, 'wd').aliasOf).toBeNull()
  })

  it('of four bits are packed in bytes and count singly', () => {
    const result = readGraph({
      nodes: [node('DequantizeLinear', ['w', 's'], ['wd']), node('MatMul', ['x', 'wd'], ['y'], {}, { name: 'mm' })],
      inputs: [value('x', [1, 7], types.fp16)],
      outputs: [value('y', undefined)],
      initializers: [weight('w', [7, 3], types.int4), weight('s', [3], types.fp16)],
    })
    expect(result.facts).toMatchObject({ parameters: 21, parameterBytes: 11 })
    expect(op(result, 'mm').dtype).toBe('fp16')
  })

  it('may be ConstantOfShape nodes, and initializers that are also inputs', () => {
    const result = readGraph(
      {
        nodes: [node('ConstantOfShape', ['shape'], ['w']), node('Conv', ['x', 'w', 'b'], ['y'], {}, { name: 'conv' })],
        inputs: [value('x', [1, 3, 8, 8]), value('shape', [4], 7), value('b', [16])],
        outputs: [value('y', undefined)],
        initializers: [ints('shape', [16, 3, 3, 3]), weight('b', [16])],
      },
      9,
    )
    expect(result.facts.parameters).toBe(16 * 27 + 16)
    expect(op(result, 'conv').matrixFlops).toBe(2 * 16 * 27 * 36)
    expect(result.description.ops.filter((o) => o.type === 'Input')).toHaveLength(1)
  })

  it('an op knows its arithmetic, its bytes and its module', () => {
    const result = readGraph({
      nodes: [
        node('MatMul', ['x', 'h.0.mlp.fc.weight'], ['m'], {}, { name: 'mm' }),
        node('Identity', ['m'], ['v']),
        node('Relu', ['v'], ['y']),
      ],
      inputs: [value('x', [4, 8], types.bf16)],
      outputs: [value('y', undefined)],
      initializers: [weight('h.0.mlp.fc.weight', [8, 6], types.bf16)],
    })
    expect(op(result, 'mm')).toMatchObject({
      dtype: 'bf16',
      module: 'h.0.mlp.fc',
      bytesAccessed: 2 * (32 + 48 + 24),
      parameterBytes: 96,
    })
    expect(op(result, 'x')).toMatchObject({ type: 'Input', seconds: 0, flops: 0 })
    expect(output(result, 'v').aliasOf).toBe('m')
    expect(output(result, 'y').aliasOf).toBeUndefined()
  })

  it('may be Constant nodes where a product takes them, not where they are added', () => {
    const stored = tensor(weight('', [8, 4]))
    const result = readGraph({
      nodes: [
        node('Constant', [], ['w'], { value: stored }),
        node('Constant', [], ['state'], { value: stored }),
        node('MatMul', ['x', 'w'], ['m']),
        node('Add', ['m', 'state'], ['y']),
      ],
      inputs: [value('x', [8, 8])],
      outputs: [value('y', undefined)],
    })
    expect(result.description.parameters?.map((p) => p.name)).toEqual(['w'])
  })

  it('a constant node is a constant', () => {
    const result = readGraph({
      nodes: [
        node('Constant', [], ['s'], { value: tensor(ints('', [4, 2])) }),
        node('Constant', [], ['n'], { value_int: 3 }),
        node('Reshape', ['x', 's'], ['y']),
      ],
      inputs: [value('x', [8])],
      outputs: [value('y', undefined)],
    })
    expect(output(result, 'y').shape).toEqual([4, 2])
    expect(output(result, 'n')).toMatchObject({ aliasOf: null, shape: [] })
  })
})
