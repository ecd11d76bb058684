import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { broadcast } from '../../../src/formats/onnx/ops/broadcast.js'
import { stretch, strided } from '../../../src/formats/onnx/ops/values.js'
import { type AttributeValue, type Dim, ints, node, value, weight } from './build.js'
import { failure, output, readGraph } from './read.js'

const dims = fc.array(fc.integer({ min: 1, max: 6 }), { maxLength: 5 })
const size = (shape: readonly number[]): number => shape.reduce((a, b) => a * b, 1)

/** The output shape of one op over float inputs of given shapes, and constants after them. */
function shapeOf(
  type: string,
  shapes: readonly (readonly Dim[])[],
  attributes: Readonly<Record<string, AttributeValue>> = {},
  constants: readonly (readonly number[])[] = [],
  opset = 18,
): readonly number[] | undefined {
  const names = [...shapes.map((_, i) => `x${i}`), ...constants.map((_, i) => `k${i}`)]
  const result = readGraph(
    {
      nodes: [node(type, names, ['y'], attributes)],
      inputs: shapes.map((s, i) => value(`x${i}`, s)),
      outputs: [value('y', undefined)],
      initializers: constants.map((c, i) => ints(`k${i}`, c)),
    },
    opset,
  )
  expect(result.unmodelled).toEqual([])
  return output(result, 'y').shape
}

describe('broadcasting', () => {
  it('is symmetric, idempotent, has scalars as neutral and takes the larger of each pair', () => {
    fc.assert(
      fc.property(dims, dims, (a, b) => {
        const joined = broadcast(a, b)
        expect(joined).toEqual(broadcast(b, a))
        expect(broadcast(a, a)).toEqual(a)
        expect(broadcast(a, [])).toEqual(a)
        if (!joined) return
        expect(joined.length).toBe(Math.max(a.length, b.length))
        expect(broadcast(joined, a)).toEqual(joined)
        joined.forEach((size, d) => {
          const x = a[d - (joined.length - a.length)] ?? 1
          const y = b[d - (joined.length - b.length)] ?? 1
          expect(size).toBe(Math.max(x, y))
        })
      }),
    )
  })

  it('lays out values as indexing would', () => {
    expect(stretch([1, 2], [2, 1], [2, 3])).toEqual([1, 1, 1, 2, 2, 2])
    expect(stretch([1, 2, 3], [3], [2, 3])).toEqual([1, 2, 3, 1, 2, 3])
    expect(strided([0, 1, 2, 3, 4, 5], 0, [3, 2], [1, 3])).toEqual([0, 3, 1, 4, 2, 5])
  })

  it('of shapes that do not fit is an error that shows them', () => {
    const error = failure(() =>
      shapeOf('Add', [
        [2, 3],
        [4, 3],
      ]),
    )
    expect(error.code).toBe('E208')
    expect(error.problems[0]).toMatchObject({ where: 'node y', found: 'inputs [2, 3], [4, 3]' })
  })
})

describe('shape rules', () => {
  it('reshape keeps the number of elements, transpose the multiset of dimensions', () => {
    fc.assert(
      fc.property(dims, fc.nat(), (shape, seed) => {
        const wanted = shape.length > 0 ? shape.with(seed % shape.length, -1) : [-1]
        expect(size(shapeOf('Reshape', [shape], {}, [wanted])!)).toBe(size(shape))
        const perm = shape.map((_, d) => d).sort((a, b) => ((a * 7 + seed) % 5) - ((b * 7 + seed) % 5) || a - b)
        if (shape.length > 0) expect(shapeOf('Transpose', [shape], { perm })).toEqual(perm.map((p) => shape[p]))
      }),
    )
  })

  it('split undoes concat, and slice takes what it names', () => {
    fc.assert(
      fc.property(
        dims.filter((d) => d.length > 0),
        fc.nat(),
        fc.integer({ min: 1, max: 4 }),
        (shape, seed, copies) => {
          const axis = seed % shape.length
          expect(
            shapeOf(
              'Concat',
              Array.from({ length: copies }, () => shape),
              { axis },
            ),
          ).toEqual(shape.with(axis, shape[axis]! * copies))
          const start = seed % shape[axis]!
          expect(shapeOf('Slice', [shape], {}, [[start], [2 ** 53], [axis], [2]])).toEqual(
            shape.with(axis, Math.ceil((shape[axis]! - start) / 2)),
          )
        },
      ),
    )
  })

  // Expected shapes: the examples in the ONNX operator specification, and PyTorch's documented formulas.
  const table: [
    string,
    readonly (readonly number[])[],
    Record<string, AttributeValue>,
    readonly (readonly number[])[],
    readonly number[],
  ][] = [
    [
      'Conv',
      [
        [1, 3, 224, 224],
        [64, 3, 7, 7],
      ],
      { strides: [2, 2], pads: [3, 3, 3, 3] },
      [],
      [1, 64, 112, 112],
    ],
    [
      'Conv',
      [
        [2, 8, 9],
        [4, 4, 3],
      ],
      { group: 2, dilations: [2] },
      [],
      [2, 4, 5],
    ],
    [
      'Conv',
      [
        [1, 1, 5, 5],
        [1, 1, 3, 3],
      ],
      { auto_pad: 'SAME_UPPER', strides: [2, 2] },
      [],
      [1, 1, 3, 3],
    ],
    [
      'ConvTranspose',
      [
        [1, 16, 8, 8],
        [16, 4, 2, 2],
      ],
      { strides: [2, 2], group: 2 },
      [],
      [1, 8, 16, 16],
    ],
    ['MaxPool', [[1, 64, 55, 55]], { kernel_shape: [3, 3], strides: [2, 2], ceil_mode: 1 }, [], [1, 64, 27, 27]],
    ['MaxPool', [[1, 1, 6, 6]], { kernel_shape: [3, 3], strides: [2, 2], ceil_mode: 1 }, [], [1, 1, 3, 3]],
    ['GlobalAveragePool', [[2, 5, 7, 7]], {}, [], [2, 5, 1, 1]],
    ['MatMul', [[7], [2, 7, 3]], {}, [], [2, 3]],
    [
      'MatMul',
      [
        [4, 1, 5, 7],
        [3, 7, 2],
      ],
      {},
      [],
      [4, 3, 5, 2],
    ],
    [
      'Gemm',
      [
        [7, 4],
        [3, 7],
      ],
      { transA: 1, transB: 1 },
      [],
      [4, 3],
    ],
    [
      'Einsum',
      [
        [2, 5, 3, 4],
        [2, 6, 3, 4],
      ],
      { equation: 'bqhd,bkhd->bhqk' },
      [],
      [2, 3, 5, 6],
    ],
    ['ReduceMean', [[2, 3, 4]], { keepdims: 0 }, [[-1]], [2, 3]],
    ['ReduceSum', [[2, 3]], { noop_with_empty_axes: 1 }, [], [2, 3]],
    ['ArgMax', [[2, 3, 4]], { axis: 1, keepdims: 0 }, [], [2, 4]],
    ['TopK', [[2, 10]], {}, [[3]], [2, 3]],
    ['Flatten', [[2, 3, 4]], { axis: -1 }, [], [6, 4]],
    ['Squeeze', [[1, 3, 1]], {}, [], [3]],
    ['Unsqueeze', [[3]], {}, [[0, -1]], [1, 3, 1]],
    ['Expand', [[3, 1]], {}, [[2, 1, 6]], [2, 3, 6]],
    ['Tile', [[2, 3]], {}, [[2, 3]], [4, 9]],
    ['Pad', [[2, 3]], {}, [[0, 1, 0, 2]], [2, 6]],
    ['Gather', [[5, 4, 3]], { axis: 1 }, [[0, 2]], [5, 2, 3]],
    ['DepthToSpace', [[1, 8, 2, 3]], { blocksize: 2 }, [], [1, 2, 4, 6]],
    [
      'LSTM',
      [
        [5, 2, 3],
        [2, 16, 3],
        [2, 16, 4],
      ],
      { hidden_size: 4, direction: 'bidirectional' },
      [],
      [5, 2, 2, 4],
    ],
    [
      'Attention',
      [
        [2, 5, 32],
        [2, 7, 16],
        [2, 7, 16],
      ],
      { q_num_heads: 4, kv_num_heads: 2 },
      [],
      [2, 5, 32],
    ],
    [
      'GridSample',
      [
        [1, 3, 8, 8],
        [1, 4, 5, 2],
      ],
      {},
      [],
      [1, 3, 4, 5],
    ],
    ['LayerNormalization', [[2, 3, 8], [8]], {}, [], [2, 3, 8]],
  ]
  it.each(table)('%s of %j with %j', (type, shapes, attributes, constants, expected) => {
    expect(shapeOf(type, shapes, attributes, constants)).toEqual(expected)
  })

  it('follow the operator set: axes were attributes before 13', () => {
    expect(shapeOf('Unsqueeze', [[3]], { axes: [0] }, [], 11)).toEqual([1, 3])
    expect(shapeOf('ReduceSum', [[2, 3]], { axes: [1], keepdims: 0 }, [], 11)).toEqual([2])
    expect(shapeOf('Slice', [[9]], { starts: [-3], ends: [9] }, [], 9)).toEqual([3])
  })

  it('a data-dependent shape is its upper bound, and said to be so', () => {
    const parts = {
      nodes: [node('NonZero', ['x'], ['y'])],
      inputs: [value('x', [3, 4])],
      outputs: [value('y', undefined)],
    }
    const result = readGraph(parts)
    expect(output(result, 'y').shape).toEqual([2, 12])
    expect(result.unmodelled).toMatchObject([
      { type: 'NonZero', count: 1, why: expect.stringContaining('upper bound') },
    ])
    expect(output(readGraph({ ...parts, outputs: [value('y', [2, 5], 7)] }), 'y').shape).toEqual([2, 5])
  })

  it('an unknown operator takes its shape from value_info or is listed', () => {
    const parts = {
      nodes: [node('Magic', ['x'], ['m'], {}, { domain: 'wand' }), node('MatMul', ['m', 'w'], ['y'])],
      inputs: [value('x', [3, 4])],
      outputs: [value('y', undefined)],
      initializers: [weight('w', [6, 2])],
    }
    const told = readGraph({ ...parts, valueInfo: [value('m', [3, 6])] })
    expect(told.facts.matrixFlops).toBe(2 * 3 * 6 * 2)
    expect(told.unmodelled).toMatchObject([{ type: 'wand.Magic', count: 1 }])
    const untold = readGraph(parts)
    expect(untold.unmodelled.map((u) => u.type)).toEqual(['MatMul', 'wand.Magic'])
    expect(untold.unmodelled[0]!.opsFraction).toBeCloseTo(1 / 3)
  })
})
