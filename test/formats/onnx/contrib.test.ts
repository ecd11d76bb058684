import { describe, expect, it } from 'vitest'
import type { OnnxImport } from '../../../src/formats/onnx/index.js'
import { type AttributeValue, type Dim, node, value, weight } from './build.js'
import { op, output, readGraph } from './read.js'

const uint8 = 2

function run(
  type: string,
  inputs: readonly (readonly Dim[] | undefined)[],
  attributes: Readonly<Record<string, AttributeValue>> = {},
  weights: Readonly<Record<number, number[]>> = {},
): OnnxImport {
  const names = inputs.map((dims, i) => (dims || weights[i] ? `x${i}` : ''))
  const result = readGraph({
    nodes: [node(type, names, ['y'], attributes, { domain: 'com.microsoft', name: 'op' })],
    inputs: inputs.flatMap((dims, i) => (dims ? [value(`x${i}`, dims)] : [])),
    outputs: [value('y', undefined)],
    initializers: Object.values(weights),
  })
  expect(result.unmodelled).toEqual([])
  return result
}

describe("ONNX Runtime's operators", () => {
  it('FusedMatMul turns its operands', () => {
    const result = run(
      'FusedMatMul',
      [
        [2, 3, 8, 5],
        [2, 3, 8, 7],
      ],
      { transA: 1 },
    )
    expect(output(result, 'y').shape).toEqual([2, 3, 5, 7])
    expect(op(result, 'op').matrixFlops).toBe(2 * 2 * 3 * 5 * 7 * 8)
    expect(
      output(
        run(
          'FusedMatMul',
          [
            [4, 2, 3, 8],
            [2, 3, 7, 8],
          ],
          { transBatchA: 1, transB: 1 },
        ),
        'y',
      ).shape,
    ).toEqual([2, 3, 4, 7])
  })

  it('Attention projects first', () => {
    const result = run('Attention', [[2, 5, 16], undefined], { num_heads: 4 }, { 1: weight('x1', [16, 48]) })
    expect(output(result, 'y').shape).toEqual([2, 5, 16])
    expect(op(result, 'op').matrixFlops).toBe(2 * 2 * 5 * 16 * 48 + 2 * 2 * 4 * 5 * 5 * (4 + 4))
  })

  it('MultiHeadAttention and GroupQueryAttention read their cache', () => {
    const multi = run(
      'MultiHeadAttention',
      [[1, 5, 32], [1, 7, 32], [1, 7, 64], undefined, undefined, undefined, [1, 4, 3, 8], [1, 4, 3, 16]],
      { num_heads: 4 },
    )
    expect(output(multi, 'y').shape).toEqual([1, 5, 64])
    expect(op(multi, 'op').matrixFlops).toBe(2 * 4 * 5 * 10 * (8 + 16))
    const grouped = run('GroupQueryAttention', [[1, 1, 64], undefined, undefined, [1, 2, 9, 8], [1, 2, 9, 8]], {
      num_heads: 4,
      kv_num_heads: 2,
    })
    expect(output(grouped, 'y').shape).toEqual([1, 1, 32])
    expect(op(grouped, 'op').matrixFlops).toBe(2 * 4 * 1 * 10 * 16)
  })

  it('MatMulNBits counts packed weights singly and weighs them packed', () => {
    const result = run(
      'MatMulNBits',
      [[3, 64], undefined, undefined],
      { N: 24, K: 64, bits: 4, block_size: 32 },
      { 1: weight('x1', [24, 2, 16], uint8), 2: weight('x2', [48]) },
    )
    expect(result.facts).toMatchObject({ parameters: 24 * 64, parameterBytes: 24 * 32 })
    expect(op(result, 'op').matrixFlops).toBe(2 * 3 * 24 * 64)
    expect(result.description.parameters).toMatchObject([{ name: 'x1', shape: [24, 64], dtype: 'uint4' }])
  })

  it('MoE visits k experts a token', () => {
    const result = run(
      'MoE',
      [[2, 5, 8], [10, 4], undefined, undefined, undefined],
      { k: 2 },
      { 2: weight('x2', [4, 8, 32]), 4: weight('x4', [4, 32, 8]) },
    )
    expect(op(result, 'op').matrixFlops).toBe(2 * 10 * 2 * (8 * 32 + 32 * 8))
    expect(result.facts.parameters).toBe(2 * 4 * 8 * 32)
  })
})
