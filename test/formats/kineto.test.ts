import { describe, expect, test } from 'vitest'
import { isCall, type TraceCall, type TraceOp, traceRows } from '../../src/cost/trace.js'
import { arrayElements } from '../../src/formats/kineto/arrayElements.js'
import { readKineto } from '../../src/formats/kineto/index.js'
import type { Source } from '../../src/formats/source.js'
import { loadGraph } from '../../src/verbs/loadGraph.js'
import { problemsOf } from './problems.js'
import { event, kineto, kinetoEvents, source, torchExport } from './samples.js'

const read = (value: unknown = kineto()) => readKineto(source(value, 't.json'))
const trace = (...traceEvents: object[]) => read({ traceEvents })
const round = (rows: ReturnType<typeof traceRows>) =>
  rows.map(
    ({ op, module, phase, seconds, count }) =>
      `${op} | ${module} | ${phase} | ${(seconds * 1e6).toFixed(1)} | ${count}`,
  )

const draw = (item: TraceCall | TraceOp): string =>
  isCall(item)
    ? `${item.module || '-'}(${item.items.map(draw).join(' ')})`
    : `${item.type}${item.inner.length ? `[${item.inner.map(draw).join(' ')}]` : ''}${item.backward.map((each) => `<${draw(each)}>`).join('')}`

describe('readKineto', () => {
  test('nests by containment, and hands backward ops to the last forward op of their number', () => {
    expect(read().calls.map(draw)).toEqual([
      '-(block(block.qkv(aten::linear[aten::t aten::addmm<autograd::engine::evaluate_function: AddmmBackward0[aten::mm]>])' +
        ' aten::scaled_dot_product_attention<autograd::engine::evaluate_function: SdpaBackward0>)' +
        ' aten::cross_entropy_loss<autograd::engine::evaluate_function: NllLossBackward0>' +
        ' autograd::engine::evaluate_function: AccumulateGrad)',
    ])
  })

  test('as rows: op, module, phase, seconds, count', () => {
    expect(round(traceRows(read()))).toEqual([
      'autograd::engine::evaluate_function: AddmmBackward0 | block.qkv | backward | 300.0 | 1',
      'autograd::engine::evaluate_function: SdpaBackward0 | block | backward | 200.0 | 1',
      'aten::linear | block.qkv | forward | 180.0 | 1',
      'aten::scaled_dot_product_attention | block | forward | 100.0 | 1',
      'aten::cross_entropy_loss |  | forward | 50.0 | 1',
      'autograd::engine::evaluate_function: NllLossBackward0 |  | backward | 40.0 | 1',
      'autograd::engine::evaluate_function: AccumulateGrad |  | backward | 10.0 | 1',
    ])
  })

  test('each thread nests for itself, whatever the order in the file', () => {
    const events = kinetoEvents()
    expect(read({ traceEvents: [...events].reverse() })).toEqual(read({ traceEvents: events }))
    const apart = trace(
      event('cpu_op', 'a', 0, 10.5),
      event('cpu_op', 'b', 2, 3.5, {}, { tid: 9 }),
      event('cpu_op', 'c', 4, 3),
    )
    expect(apart.calls.map(draw)).toEqual(['-(a[c] b)'])
  })

  test('whole microseconds round: an inner op may seem to outlast its outer by one', () => {
    expect(
      trace(event('cpu_op', 'a', 0, 10), event('cpu_op', 'b', 8, 3), event('cpu_op', 'c', 11, 2)).calls.map(draw),
    ).toEqual(['-(a[b] c)'])
  })

  test('every profiler step is a call', () => {
    const step = (n: number) => event('user_annotation', `ProfilerStep#${n}`, 100 * n, 90)
    expect(trace(step(1), event('cpu_op', 'a', 110, 5), step(2), event('cpu_op', 'a', 210, 5)).calls.map(draw)).toEqual(
      ['-(a)', '-(a)'],
    )
  })

  test('two hundred thousand ops in one call', () => {
    const events = Array.from({ length: 200_000 }, (_, k) => event('cpu_op', 'a', 2 * k, 1))
    expect(read({ traceEvents: events }).calls[0].items).toHaveLength(200_000)
  })

  test('kernels give their time to the op that launched them, by containment or by external id', () => {
    const { calls, isDeviceTime } = trace(
      event('cpu_op', 'aten::linear', 0, 50, { 'External id': 4 }),
      event('cpu_op', 'aten::addmm', 5, 40, { 'External id': 5 }),
      event('cuda_runtime', 'cudaLaunchKernel', 10, 2, { correlation: 70, 'External id': 70 }),
      event('kernel', 'gemm', 200, 33, { correlation: 70 }, { pid: 0, tid: 7 }),
      event('cuda_runtime', 'cudaLaunchKernel', 500, 2, { correlation: 71, 'External id': 4 }, { tid: 8 }),
      event('gpu_memcpy', 'copy', 300, 7, { correlation: 71 }, { pid: 0, tid: 7 }),
      event('kernel', 'of nobody', 400, 100, { correlation: 99 }, { pid: 0, tid: 7 }),
    )
    expect(isDeviceTime).toBe(true)
    const linear = calls[0].items[0] as TraceOp
    expect(linear.seconds).toBeCloseTo(40e-6, 12)
    expect(linear.inner[0].seconds).toBeCloseTo(33e-6, 12)
  })

  test.each([
    ['a trace that breaks off', JSON.stringify(kineto()).slice(0, -30), 'E104', /t\.json, byte \d+$/],
    [
      'an event that is broken',
      JSON.stringify(kineto()).replace('"dur":180', '"dur":18o'),
      'E104',
      /t\.json, byte \d+:1:\d+$/,
    ],
    ['brackets too many', `${JSON.stringify(kineto())}}`, 'E104', /byte \d+$/],
    ['events that are no objects', '{"traceEvents": [1, 2]}', 'E105', /byte \d+$/],
    ['no list of events', '{"traceEvents": {}}', 'E105', /t\.json#\/traceEvents/],
    [
      'a time that is text',
      JSON.stringify(kineto()).replace('"dur":180', '"dur":"long"'),
      'E105',
      /t\.json#\/traceEvents\/4\/dur/,
    ],
    [
      'a negative time',
      JSON.stringify(kineto()).replace('"dur":180', '"dur":-180'),
      'E204',
      /t\.json#\/traceEvents\/4\/dur/,
    ],
    [
      'arguments of another type',
      JSON.stringify(kineto())
        .replace('{"External id":1', '[{"External id":1')
        .replace('"Sequence number":7}', '"Sequence number":7}]'),
      'E105',
      /\/traceEvents\/4\/args/,
    ],
  ])('refuses %s', (_, text, code, where) => {
    const [problem] = problemsOf(() => read(text))
    expect(problem.code).toBe(code)
    expect(problem.where).toMatch(where)
  })
})

describe('arrayElements', () => {
  const elements = (text: string) => [...arrayElements(source(text), 'list')]

  test('finds the list behind nested keys and strings that look like it', () => {
    expect(
      elements(
        '{"a": {"list": [{"no": 1}]}, "b\\"list": [{"no": 2}], "list": [{"x": "]}"}, {"y": [{"z": {}}]}], "c": ["list"]}',
      ),
    ).toEqual([{ x: ']}' }, { y: [{ z: {} }] }])
    expect(elements('{"list": []}')).toEqual([])
  })

  test('elements may lie across windows, characters across pieces', () => {
    const long = 'é€😀'.repeat(300_000)
    const text = new TextEncoder().encode(JSON.stringify({ list: [{ long }, { a: 1 }] }))
    let longest = 0
    const pieced: Source = {
      name: 'pieces',
      size: text.length,
      read(offset, length) {
        longest = Math.max(longest, length)
        return text.subarray(offset, offset + length)
      },
    }
    expect([...arrayElements(pieced, 'list')]).toEqual([{ long }, { a: 1 }])
    expect(longest).toBeLessThan(text.length)
  })
})

describe('--profile with a trace', () => {
  test('gives seconds to the ops that it finds and tells what it does not', () => {
    const profile = source(kineto(), 'step.json')
    const { graph, profile: report } = loadGraph(source(torchExport()), new Map([['s0', 2]]), { profile })
    const seconds = Object.fromEntries(
      graph.ops.flatMap((op) => (op.seconds === undefined ? [] : [[op.name, op.seconds]])),
    )
    expect(seconds).toEqual({ addmm: expect.closeTo(180e-6, 12), attention: expect.closeTo(100e-6, 12) })
    expect(report).toMatchObject({ ops: 6, measuredOps: 2, isDeviceTime: false })
    expect(report?.shares).toEqual([
      { of: 'forward', seconds: expect.closeTo(330e-6, 12), matchedFraction: expect.closeTo(280 / 330, 6) },
      { of: 'backward', seconds: expect.closeTo(550e-6, 12), matchedFraction: expect.closeTo(500 / 550, 6) },
    ])
    expect(report?.unmatched.map((each) => each.what)).toContain('aten::cross_entropy_loss')
  })
})
