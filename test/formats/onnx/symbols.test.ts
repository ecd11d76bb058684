import { describe, expect, it } from 'vitest'
import { resolveDimension } from '../../../src/formats/onnx/dimensions.js'
import { ints, model, node, value, weight } from './build.js'
import { failure, op, output, read } from './read.js'

const file = model({
  nodes: [
    node('Shape', ['x'], ['s']),
    node('Gather', ['s', 'zero'], ['n'], { axis: 0 }),
    node('Unsqueeze', ['n', 'axis'], ['n1']),
    node('Concat', ['n1', 'rest'], ['target'], { axis: 0 }),
    node('Reshape', ['x', 'target'], ['r'], {}, { name: 'reshape' }),
    node('MatMul', ['r', 'w'], ['y'], {}, { name: 'mm' }),
  ],
  inputs: [value('x', ['batch', '2*seq + 1', 8]), value('unused', ['batch'])],
  outputs: [value('y', ['batch', null, 4])],
  initializers: [ints('zero', [0], []), ints('axis', [0]), ints('rest', [-1, 8]), weight('w', [8, 4])],
})

describe('symbolic dimensions', () => {
  it('are bound, through the arithmetic of shapes', () => {
    const result = read(file, { batch: 3, seq: 5 })
    expect(output(result, 'r').shape).toEqual([3, 11, 8])
    expect(op(result, 'mm').matrixFlops).toBe(2 * 3 * 11 * 8 * 4)
    expect(result.warnings).toEqual([])
    expect(result.facts.symbols).toMatchObject({ batch: 3, seq: 5 })
    expect(output(result, 'target').aliasOf).toBeNull()
    expect(output(result, 'r').aliasOf).toBe('x')
  })

  it('must be bound: the error lists every name', () => {
    const error = failure(() => read(file, { seq: 5 }))
    expect(error.code).toBe('E207')
    expect(error.message).toContain('batch')
    expect(failure(() => read(file)).problems[0].found).toBe('batch, seq')
  })

  it('that the file lacks are warned of, with the nearest name', () => {
    const { warnings } = read(file, { batch: 1, seq: 1, bach: 2 })
    expect(warnings).toHaveLength(1)
    expect(warnings[0]).toMatch(/bach.*batch/)
  })

  it('without a name are bound by input and axis', () => {
    const anonymous = model({
      nodes: [node('Relu', ['x'], ['y'])],
      inputs: [value('x', [null, '?', 4])],
      outputs: [value('y', undefined)],
    })
    expect(failure(() => read(anonymous)).problems[0].found).toBe('x.0, x.1')
    expect(output(read(anonymous, { 'x.0': 2, 'x.1': 3 }), 'y').shape).toEqual([2, 3, 4])
  })

  it('evaluate what torch and sympy print', () => {
    const bind = new Map(Object.entries({ s0: 7, s1: 4, 'batch-size': 2 }))
    const cases: [string, number][] = [
      ['s0', 7],
      ['2*s0 + 1', 15],
      ['(s0 - 1)//2 + 1', 4],
      ['floor(s0/2)', 3],
      ['s0*s1 - s0', 21],
      ['Max(1, s0 - 9)', 1],
      ['Mod(s0, s1)', 3],
      ['s1**2', 16],
      ['-s1 + s0', 3],
      ['ceiling(s0/s1)', 2],
      ['batch-size', 2],
      ['3*batch-size', 6],
    ]
    for (const [expression, expected] of cases)
      expect([expression, resolveDimension(expression, 'x.0', bind)]).toEqual([expression, { value: expected }])
    expect(resolveDimension('s0 + s9*s8', 'x.0', bind)).toEqual({ unbound: ['s9', 's8'] })
    expect(resolveDimension('s0 +', 'x.0', bind)).toEqual({ unbound: ['x.0'] })
    expect(resolveDimension('('.repeat(5000), 'x.0', bind)).toEqual({ unbound: ['x.0'] })
  })
})
