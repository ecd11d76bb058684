import { describe, expect, it } from 'vitest'
import { node, value, weight } from './build.js'
import { failure, readGraph } from './read.js'

const nodes = [
  node('Relu', ['x'], ['a']),
  node('Relu', ['a'], ['b'], {}, { name: 'twin' }),
  node('Relu', ['b'], ['c'], {}, { name: 'twin' }),
  node('Add', ['c', 'x'], ['d'], {}, { name: 'x' }),
  node('MatMul', ['d', 'w'], ['y'], {}, { name: '/layers/layers.0/attn/MatMul' }),
]
const rest = { inputs: [value('x', [2, 4])], outputs: [value('y', [2, 3])], initializers: [weight('w', [4, 3])] }

describe('names and order', () => {
  it('do not depend on the order in the file', () => {
    const forward = readGraph({ nodes, ...rest })
    const backward = readGraph({ nodes: [...nodes].reverse(), ...rest })
    const byName = (a: { name: string }, b: { name: string }): number => (a.name < b.name ? -1 : 1)
    expect([...backward.description.ops].sort(byName)).toEqual([...forward.description.ops].sort(byName))
    expect(forward.description.ops.map((o) => o.name)).toEqual([
      'x',
      'a',
      'twin:b',
      'twin:c',
      'x:d',
      '/layers/layers.0/attn/MatMul',
    ])
    expect(forward.description.ops.at(-1)!.module).toBe('layers.0.attn')
  })

  it('a cycle is named', () => {
    const error = failure(() =>
      readGraph({
        nodes: [node('Add', ['x', 'q'], ['p'], {}, { name: 'P' }), node('Relu', ['p'], ['q'], {}, { name: 'Q' })],
        ...rest,
        outputs: [value('q', [2, 4])],
      }),
    )
    expect(error.code).toBe('E201')
    expect(error.message).toMatch(/P -> Q -> P|Q -> P -> Q/)
  })

  it('a tensor made twice, a missing one and a missing output are told', () => {
    expect(failure(() => readGraph({ nodes: [...nodes, node('Relu', ['x'], ['a'])], ...rest })).code).toBe('E202')
    expect(failure(() => readGraph({ nodes: [...nodes, node('Relu', ['x'], ['w'])], ...rest })).code).toBe('E202')
    expect(failure(() => readGraph({ nodes: [...nodes, node('Relu', ['ghost'], ['z'])], ...rest })).message).toContain(
      'ghost',
    )
    expect(failure(() => readGraph({ nodes, ...rest, outputs: [value('ghost', [1])] })).code).toBe('E203')
  })

  it("torch's record of the module stack wins", () => {
    const metadata = { 'pkg.torch.onnx.name_scopes': "['', 'h', 'h.0', 'h.0.attn', 'addmm']" }
    const result = readGraph({ nodes: [node('Relu', ['x'], ['y'], {}, { name: 'n', metadata })], ...rest })
    expect(result.description.ops[1]!.module).toBe('h.0.attn')
  })
})
