import { expect, test } from 'vitest'
import { traceEvents, traceText } from '../../src/report/traceEvents.js'

const bar = { process: 0, thread: 0, name: 'forward s0 m0', category: 'forward', startSeconds: 0 }
const trace = {
  processes: [
    { name: 'GPU 0', threads: ['compute', 'transfers'] },
    { name: 'GPU 1', threads: ['compute'] },
  ],
  spans: [
    { ...bar, endSeconds: 3.3e-6 },
    { ...bar, process: 1, startSeconds: 3.3e-6, endSeconds: 5.4e-6, args: { bytes: 1_000_000 } },
    { ...bar, endSeconds: 0 },
  ],
  about: { graph: 'two' },
}

test('names processes and threads, then shows each bar that can be seen, in microseconds', () => {
  const named = { ph: 'M', name: 'thread_name' }
  expect([...traceEvents(trace)]).toEqual([
    { ph: 'M', name: 'process_name', pid: 0, args: { name: 'GPU 0' } },
    { ph: 'M', name: 'process_sort_index', pid: 0, args: { sort_index: 0 } },
    { ...named, pid: 0, tid: 0, args: { name: 'compute' } },
    { ...named, pid: 0, tid: 1, args: { name: 'transfers' } },
    { ph: 'M', name: 'process_name', pid: 1, args: { name: 'GPU 1' } },
    { ph: 'M', name: 'process_sort_index', pid: 1, args: { sort_index: 1 } },
    { ...named, pid: 1, tid: 0, args: { name: 'compute' } },
    { ph: 'X', name: 'forward s0 m0', cat: 'forward', pid: 0, tid: 0, ts: 0, dur: 3.3 },
    { ph: 'X', name: 'forward s0 m0', cat: 'forward', pid: 1, tid: 0, ts: 3.3, dur: 2.1, args: { bytes: 1_000_000 } },
  ])
})

test('is a JSON file, one event a line', () => {
  const text = traceText(trace)
  expect(JSON.parse(text).traceEvents).toEqual([...traceEvents(trace)])
  expect(JSON.parse(text).otherData).toEqual({ graph: 'two' })
  expect(text.trimEnd().split('\n')).toHaveLength(11)
})
