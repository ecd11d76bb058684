import { describe, expect, test } from 'vitest'
import { alignSequences } from '../../src/cost/alignSequences.js'
import { alignTrace } from '../../src/cost/alignTrace.js'
import { commonModules } from '../../src/cost/modulePaths.js'
import { opClass } from '../../src/cost/opClass.js'
import type { Trace, TraceCall, TraceOp } from '../../src/cost/trace.js'
import type { OpDescription } from '../../src/graph/index.js'

const op = (type: string, seconds: number, inner: TraceOp[] = [], backward: TraceOp[] = []): TraceOp => {
  const made: TraceOp = { type, phase: 'forward', seconds, inner, backward }
  for (const each of inner) Object.assign(each, { parent: made })
  return made
}
const gradient = (seconds: number, ...inner: TraceOp[]): TraceOp => ({
  ...op('SomeBackward0', seconds, inner),
  phase: 'backward',
})
const call = (module: string, ...items: (TraceCall | TraceOp)[]): TraceCall => ({ module, items })
const trace = (...calls: TraceCall[]): Trace => ({ calls, isDeviceTime: false, eventCount: 0 })
const graph = (
  ...ops: (readonly [name: string, type: string, module?: string, phase?: 'backward'])[]
): OpDescription[] =>
  ops.map(([name, type, module, phase]) => ({ name, type, ...(module && { module }), ...(phase && { phase }) }))
const align = (ops: OpDescription[], measured: Trace) => {
  const { patches, shares } = alignTrace(ops, measured)
  return {
    seconds: Object.fromEntries([...patches].map(([name, { seconds }]) => [name, seconds])),
    matched: Object.fromEntries(shares.map((share) => [share.of, share.matchedFraction])),
  }
}

describe('alignTrace', () => {
  test('pairs ops of a module in order, by class', () => {
    const ops = graph(['x', 'Add', 'm.a'], ['y', 'Gemm', 'm.a'], ['z', 'Add', 'm.b'])
    const measured = trace(
      call('', call('a', op('aten::add', 1), op('aten::view', 1), op('aten::addmm', 4)), call('b', op('aten::add', 2))),
    )
    expect(align(ops, measured)).toEqual({ seconds: { x: 1, y: 4, z: 2 }, matched: { forward: 7 / 8 } })
  })

  test('takes apart what the graph knows only in parts; its own time goes with the longest', () => {
    const ops = graph(['t', 'aten.transpose_copy', 'a'], ['mm', 'aten.mm', 'a'])
    const whole = op('aten::my_linear', 10, [
      op('aten::transpose_copy', 2),
      op('aten::wrapper', 6, [op('aten::mm', 5)]),
    ])
    expect(align(ops, trace(call('', call('a', whole)))).seconds).toEqual({ t: 2, mm: 8 })
  })

  test('averages over the calls of a module', () => {
    const measured = trace(call('', call('a', op('aten::mm', 1)), call('a', op('aten::mm', 3))))
    expect(align(graph(['mm', 'MatMul', 'a']), measured)).toEqual({ seconds: { mm: 2 }, matched: { forward: 1 } })
  })

  test('a module that the graph does not know is part of the one around it', () => {
    const ops = graph(['mm', 'MatMul', 'a'], ['tanh', 'Tanh', 'a'], ['add', 'Add', 'a'])
    const measured = trace(
      call('', call('a', op('aten::mm', 1), call('a.act', op('aten::tanh', 2)), op('aten::add', 3))),
    )
    expect(align(ops, measured).seconds).toEqual({ mm: 1, tanh: 2, add: 3 })
  })

  test('one op of the graph alone between two pairs stands for all that ran there', () => {
    const ops = graph(['up', 'MatMul', 'a'], ['gelu', 'Gelu', 'a'], ['down', 'MatMul', 'a'])
    const measured = trace(
      call('', call('a', op('aten::mm', 1), op('aten::mul', 2), op('aten::pow', 3), op('aten::mm', 4))),
    )
    expect(align(ops, measured)).toEqual({ seconds: { up: 1, gelu: 5, down: 4 }, matched: { forward: 1 } })
  })

  test('without modules the whole is one sequence', () => {
    const ops = graph(['c', 'Conv'], ['r', 'Relu'], ['l', 'Gemm'])
    const measured = trace(
      call('', op('aten::conv2d', 1), op('aten::relu_', 2), op('aten::copy_', 9), op('aten::linear', 3)),
    )
    expect(align(ops, measured)).toEqual({ seconds: { c: 1, r: 2, l: 3 }, matched: { forward: 6 / 15 } })
  })

  test('backward time counts as matched when its forward op is, nested or taken apart', () => {
    const ops = graph(['mm', 'aten.mm', 'a'])
    const inner = op('aten::mm', 1, [], [gradient(4)])
    const measured = trace(call('', call('a', op('aten::linear', 2, [inner]), op('aten::tanh', 1, [], [gradient(1)]))))
    expect(align(ops, measured).matched).toEqual({ forward: 2 / 3, backward: 4 / 5 })
  })

  test('a graph with backward ops gets their seconds', () => {
    const ops = graph(['mm', 'aten.mm', 'a'], ['gx', 'aten.mm', 'a', 'backward'], ['gw', 'aten.mm', 'a', 'backward'])
    const measured = trace(
      call('', call('a', op('aten::mm', 1, [], [gradient(7, op('aten::mm', 2), op('aten::mm', 4))]))),
    )
    expect(align(ops, measured)).toEqual({ seconds: { mm: 1, gx: 2, gw: 5 }, matched: { forward: 1, backward: 1 } })
  })
})

describe('alignSequences', () => {
  const pairs = (left: string, right: string, weight: number[] = []) => alignSequences([...left], [...right], weight)

  test('is the longest common subsequence', () => {
    expect(pairs('abcbdab', 'bdcaba', [1, 1, 1, 1, 1, 1])).toHaveLength(4)
    expect(pairs('abc', 'axbxc', [0, 0, 0, 0, 0])).toEqual([
      [0, 0],
      [1, 2],
      [2, 4],
    ])
    expect(pairs('', 'abc', [1, 1, 1])).toEqual([])
  })

  test('of equally long ones takes the heaviest', () => {
    expect(pairs('a', 'aaa', [1, 5, 2])).toEqual([[0, 1]])
  })

  test('sequences too long for a table are paired from the front', () => {
    const long = Array.from({ length: 5000 }, (_, k) => String(k % 7))
    expect(alignSequences(long, long, long.map(Number))).toEqual(long.map((_, k) => [k, k]))
  })
})

describe('commonModules', () => {
  test('leaves out leading steps of either side', () => {
    const graphPaths = new Set(['m.h.0.attn', 'm.h.0', 'm.head'])
    const common = commonModules(graphPaths, new Set(['', 'h', 'h.0', 'h.0.attn', 'h.0.attn.proj', 'head']))
    expect(common.ofGraph('m.h.0.attn')).toBe('h.0.attn')
    expect(common.ofGraph('m.h.0.attn.inner')).toBe('h.0.attn')
    expect(common.ofGraph('m.other')).toBe('')
    expect(common.ofTrace('h.0.attn')).toBe('h.0.attn')
    expect(common.ofTrace('h.0.attn.proj')).toBeUndefined()
    expect(commonModules(new Set(['h.0']), new Set(['model.h.0'])).ofTrace('model.h.0')).toBe('h.0')
  })
})

describe('opClass', () => {
  test.each([
    ['aten::addmm', 'aten.linear', 'Gemm'],
    ['aten::relu_', 'aten.relu', 'Relu'],
    ['aten::__and__', 'aten.and', 'And'],
    ['aten::_log_softmax', 'aten.log_softmax', 'LogSoftmax'],
    ['aten::native_layer_norm', 'aten.layer_norm', 'LayerNormalization'],
  ])('%s, %s and %s are one', (...types) => {
    expect(new Set(types.map(opClass)).size).toBe(1)
  })
})
