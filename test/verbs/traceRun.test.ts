import { describe, expect, it } from 'vitest'
import { readyRun } from '../../src/verbs/readyRun.js'
import { tracePlacement } from '../../src/verbs/tracePlacement.js'
import { traceRun } from '../../src/verbs/traceRun.js'
import { oneHost } from '../helpers/clusters.js'
import { graphOf, op } from '../helpers/graphs.js'
import { predict, sampleRun, tables } from '../helpers/runs.js'
import { simulationOf } from '../helpers/verbs.js'

const traceOf = (change: Parameters<typeof sampleRun>[0] = {}) => {
  const run = sampleRun(change)
  const trace = traceRun(readyRun(run, 'run', tables))
  return { ...trace, spans: [...trace.spans], stepSeconds: predict(run).stepSeconds }
}

describe('a traced run', () => {
  for (const schedule of ['1f1b', 'gpipe', 'zb-h1', 'interleaved-1f1b', 'dualpipe'])
    it(`shows each pass of ${schedule} once, in the step that is predicted`, () => {
      const virtualStages = schedule.startsWith('interleaved') ? 2 : 1
      const { spans, processes, stepSeconds } = traceOf({ parallelism: { schedule, virtualStages } })
      expect(processes).toHaveLength(4)
      const passes = spans.filter(({ category }) => category === 'forward')
      expect(new Set(passes.map(({ name }) => name)).size).toBe(passes.length)
      expect(passes.length % 32).toBe(0)
      const last = Math.max(...spans.map(({ endSeconds }) => endSeconds))
      expect(last).toBeCloseTo(stepSeconds, 9)
    })

  it('has no two bars at once on a thread of compute', () => {
    const { spans } = traceOf()
    for (const rank of [0, 1, 2, 3]) {
      const own = spans.filter(({ process, thread }) => process === rank && thread === 0)
      const sorted = own.sort((a, b) => a.startSeconds - b.startSeconds)
      sorted.slice(1).forEach((next, i) => {
        expect(next.startSeconds).toBeGreaterThanOrEqual(sorted[i].endSeconds - 1e-12)
      })
    }
  })

  it('sends a microbatch on after its pass and before the next stage takes it', () => {
    const { spans } = traceOf()
    const of = (name: string) => spans.find((span) => span.name === name)!
    for (const m of [0, 7, 31])
      for (const s of [0, 1, 2]) {
        const sent = of(`send-forward s${s} m${m}`)
        expect(sent).toMatchObject({ process: s, thread: 2 })
        expect(sent.startSeconds).toBeGreaterThanOrEqual(of(`forward s${s} m${m}`).endSeconds - 1e-12)
        expect(of(`forward s${s + 1} m${m}`).startSeconds).toBeGreaterThanOrEqual(sent.endSeconds - 1e-12)
      }
  })

  it('draws every microbatch without a pipeline, where the prediction folds them', () => {
    const { spans, stepSeconds } = traceOf({ parallelism: { pp: 1, dp: 8 } })
    expect(spans.filter(({ category }) => category === 'forward')).toHaveLength(8)
    expect(Math.max(...spans.map(({ endSeconds }) => endSeconds))).toBeCloseTo(stepSeconds, 9)
  })
})

const placed = {
  graph: graphOf([op('a', 2, 1000), op('b', 3, 500), op('c', 1)], 'a>b', 'b>c'),
  cluster: oneHost(2),
  map: { a: 0, b: 1, c: 0 },
}

it('shows the ops and transfers of a placement on their devices', () => {
  const answer = simulationOf(placed.graph, placed.cluster, { map: placed.map })
  const { processes, spans } = tracePlacement(answer)
  const { schedule, stepSeconds } = answer.prediction
  expect(processes).toHaveLength(placed.cluster.devices.length)
  const bars = [...spans]
  const written = (thread: number) => bars.filter((bar) => bar.thread === thread)
  expect(written(0).map(({ name, process }) => [name, process])).toEqual(schedule!.ops.map(([op, d]) => [op, d]))
  expect(written(1)).toHaveLength(schedule!.transfers.length)
  expect(Math.max(...bars.map(({ endSeconds }) => endSeconds))).toBe(stepSeconds)
})
