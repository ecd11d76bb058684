import { expect, test } from 'vitest'
import { traceEvents } from '../../src/report/traceEvents.js'
import { playTasks, TaskGraphBuilder } from '../../src/simulate/engine/index.js'

const names = {
  task: (task: number) => `task ${task}`,
  stream: (stream: number) => (stream % 2 === 0 ? 'compute' : 'network'),
  deviceOf: (stream: number) => Math.floor(stream / 2),
  device: (device: number) => `GPU ${device}`,
  kind: (kind: number) => ['forward', 'all-reduce'][kind],
}

test('names devices and streams, then shows each task on each of its streams, in microseconds', () => {
  const builder = new TaskGraphBuilder()
  const link = builder.addLink(0.5)
  builder.task({ ticks: 3_300_000, streams: [0] })
  builder.task({ ticks: 100_000, bytes: 1_000_000, links: [link], streams: [1, 3], after: [0], kind: 1 })
  builder.task({ ticks: 0, streams: [2] })
  builder.task({ ticks: 5 })
  const graph = builder.build()
  const events = [...traceEvents(graph, playTasks(graph), names, 1e12)]
  const named = { ph: 'M', name: 'thread_name' }
  expect(events.slice(0, 8)).toEqual([
    { ph: 'M', name: 'process_name', pid: 0, args: { name: 'GPU 0' } },
    { ph: 'M', name: 'process_sort_index', pid: 0, args: { sort_index: 0 } },
    { ...named, pid: 0, tid: 0, args: { name: 'compute' } },
    { ...named, pid: 0, tid: 1, args: { name: 'network' } },
    { ph: 'M', name: 'process_name', pid: 1, args: { name: 'GPU 1' } },
    { ph: 'M', name: 'process_sort_index', pid: 1, args: { sort_index: 1 } },
    { ...named, pid: 1, tid: 2, args: { name: 'compute' } },
    { ...named, pid: 1, tid: 3, args: { name: 'network' } },
  ])
  const reduce = { ph: 'X', name: 'task 1', cat: 'all-reduce', ts: 3.3, dur: 2.1, args: { bytes: 1_000_000 } }
  expect(events.slice(8)).toEqual([
    { ph: 'X', name: 'task 0', cat: 'forward', pid: 0, tid: 0, ts: 0, dur: 3.3 },
    { ...reduce, pid: 0, tid: 1 },
    { ...reduce, pid: 1, tid: 3 },
  ])
})
