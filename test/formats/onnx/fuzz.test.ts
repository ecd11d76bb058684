import { expect, it } from 'vitest'
import { UserError } from '../../../src/errors/index.js'
import { readOnnx } from '../../../src/formats/onnx/index.js'
import { operators } from '../../../src/formats/onnx/ops/registry.js'
import { bytesSource } from '../../../src/formats/source.js'
import { functionBody, graph, ints, model, node, value, weight } from './build.js'

const branch = graph({ nodes: [node('MatMul', ['r', 'w'], ['t'])], outputs: [value('t', [2, 4])] })
const seeds = [
  model(
    {
      nodes: [
        node('Shape', ['x'], ['s']),
        node('Slice', ['s', 'from', 'to'], ['n']),
        node('Concat', ['n', 'rest'], ['shape'], { axis: 0 }),
        node('Reshape', ['x', 'shape'], ['r']),
        node('If', ['c'], ['y'], { then_branch: branch, else_branch: branch }),
        node('Local', ['y'], ['z'], {}, { domain: 'f' }),
        node('Conv', ['image', 'kernel'], ['i'], { strides: [2, 2], pads: [1, 1, 1, 1] }),
        node('Split', ['z'], ['p', 'q'], { axis: -1 }),
        node('Einsum', ['p', 'q'], ['out'], { equation: 'ij,kj->ik' }),
      ],
      inputs: [value('x', ['batch', 8]), value('c', [], 9), value('image', [1, 3, 16, 16])],
      outputs: [value('out', [2, 2]), value('i', undefined)],
      initializers: [
        ints('from', [0]),
        ints('to', [1]),
        ints('rest', [8]),
        weight('w', [8, 4]),
        weight('kernel', [8, 3, 3, 3]),
      ],
      valueInfo: [value('r', ['batch', 8])],
    },
    17,
    [functionBody({ domain: 'f', name: 'Local', inputs: ['a'], outputs: ['b'], nodes: [node('Relu', ['a'], ['b'])] })],
  ),
]

/** A small deterministic generator (Numerical Recipes' LCG). */
function random(seed: number): () => number {
  let state = seed
  return () => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0
    return state / 2 ** 32
  }
}

it('1,000 broken files end in a graph or a user error, quickly', () => {
  const next = random(20260101)
  const pick = (n: number): number => Math.floor(next() * n)
  const started = process.cpuUsage()
  const codes = new Set<string>()
  for (let i = 0; i < 1000; i++) {
    let file = seeds[0]!.slice()
    for (let changes = 1 + pick(4); changes > 0; changes--) {
      const at = pick(file.length)
      const kind = next()
      if (kind < 0.5) file[at] = pick(256)
      else if (kind < 0.7) file[at]! ^= 1 << pick(8)
      else if (kind < 0.8) file = file.slice(0, Math.max(1, at))
      else file.copyWithin(at, pick(file.length), pick(file.length))
    }
    try {
      readOnnx(bytesSource('fuzz.onnx', file), { name: 'fuzz', bind: new Map([['batch', 2]]) })
      codes.add('read')
    } catch (error) {
      if (!(error instanceof UserError)) throw error
      codes.add(error.code)
    }
  }
  expect(codes.size).toBeGreaterThan(3)
  const { user, system } = process.cpuUsage(started)
  expect((user + system) / 1e6).toBeLessThan(20)
})

it('no operator meets inputs it cannot answer with a graph or a user error', () => {
  const next = random(7)
  const pick = (n: number): number => Math.floor(next() * n)
  const names = [
    'axis',
    'axes',
    'perm',
    'kernel_shape',
    'strides',
    'pads',
    'group',
    'equation',
    'num_heads',
    'k',
    'to',
    'blocksize',
    'shape',
    'N',
    'K',
    'split',
  ]
  for (const type of operators.keys()) {
    for (let round = 0; round < 12; round++) {
      const inputs = Array.from({ length: pick(7) }, (_, i) => (next() < 0.1 ? '' : `x${i}`))
      const kind = inputs.map(() => next())
      const dims = (): number[] => Array.from({ length: pick(5) }, () => pick(5))
      const attributes = Object.fromEntries(
        Array.from({ length: pick(5) }, () => [
          names[pick(names.length)]!,
          [pick(5) - 2, [pick(4) - 1, pick(4)], 'ij,jk->ik', [] as number[]][pick(4)]!,
        ]),
      )
      const [name, domain] = type.startsWith('com.microsoft.') ? [type.slice(14), 'com.microsoft'] : [type, '']
      const parts = {
        nodes: [
          node(name!, inputs, ['a', 'b'].slice(0, 1 + pick(2)), attributes, { domain: domain! }),
          node('Relu', ['a'], ['y']),
        ],
        inputs: inputs.flatMap((x, i) =>
          x && kind[i]! < 0.5 ? [value(x, next() < 0.1 ? undefined : dims(), 1 + pick(11))] : [],
        ),
        outputs: [value('y', undefined)],
        initializers: inputs.flatMap((x, i) => {
          if (!x || kind[i]! < 0.5) return []
          return [
            kind[i]! < 0.8
              ? ints(
                  x,
                  Array.from({ length: pick(5) }, () => pick(9) - 3),
                )
              : weight(x, dims(), 1 + pick(22)),
          ]
        }),
      }
      try {
        readOnnx(bytesSource('op.onnx', model(parts, 9 + pick(18))), { name: 'op' })
      } catch (error) {
        if (!(error instanceof UserError)) throw new Error(`${type} ${JSON.stringify(attributes)}`, { cause: error })
      }
    }
  }
})
