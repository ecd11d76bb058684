import { existsSync, readFileSync } from 'node:fs'
import { basename } from 'node:path'
import { describe, expect, test } from 'vitest'
import { bytesSource } from '../../src/formats/source.js'
import type { Cluster } from '../../src/hardware/index.js'
import { loadGraph } from '../../src/verbs/loadGraph.js'
import { planForThroughput } from '../../src/verbs/planForThroughput.js'
import { planPipelineStages } from '../../src/verbs/planPipelineStages.js'
import { oneHost } from '../helpers/clusters.js'

const data = new URL('../../../shared/data/', import.meta.url)
const isHere = existsSync(data)
if (!isHere) console.warn('skipped: the shared data folder is absent, so published optima are not compared')

const open = (path: string) => {
  const model = loadGraph(bytesSource(basename(path), readFileSync(new URL(path, data))), new Map())
  const request = (cluster: Cluster) => ({
    model,
    cluster,
    clusterName: cluster.name,
    reserveBytes: 0,
    bind: new Map(),
  })
  return { model, request }
}

describe.skipIf(!isHere)('published optima of dnn-partitioning', () => {
  const optima: Record<string, [number, number?]> = isHere
    ? JSON.parse(readFileSync(new URL('dnn-partitioning/optima.json', data), 'utf8'))
    : {}
  const cases = Object.entries(optima).flatMap(([file, [contiguous, free]]) => [
    { file, isContiguous: true, ms: contiguous },
    ...(free === undefined ? [] : [{ file, isContiguous: false, ms: free }]),
  ])

  test.each(cases)('$file, contiguous $isContiguous: $ms ms', ({ file, isContiguous, ms }) => {
    const { model, request } = open(`dnn-partitioning/${file}`)
    const { prediction } = planForThroughput({ ...request(model.cluster!), isContiguous, effort: 1 }).plan
    expect(1e3 * prediction.maxLoadSeconds!).toBeLessThanOrEqual(ms * (1 + 1e-6))
    expect(1e3 * prediction.maxLoadLowerBoundSeconds!).toBeLessThanOrEqual(ms * (1 + 1e-6))
    if (isContiguous) expect(prediction.maxLoadLowerBoundSeconds).toBe(prediction.maxLoadSeconds)
  })
})

describe.skipIf(!isHere)("PipeDream's own planner on its profiles, 1 GB/s", () => {
  test.each([
    ['vgg16', 4, '3-1', 0.205520896],
    ['vgg16', 8, '7-1', 0.1038331702857143],
    ['vgg16', 16, '13-2-1', 0.05652976738461539],
    ['resnet50', 4, '2-2', 0.162880924],
    ['gnmt', 4, '1-1-1-1', 0.025868],
  ])('%s on %i devices: %s, %f s', (name, count, stages, seconds) => {
    const { request } = open(`pipedream/${name}.graph.txt`)
    const cluster = oneHost(count, 'full-duplex', { link: { bytesPerSecond: 1e9, latencySeconds: 0 } })
    const { decisions, prediction } = planPipelineStages({ ...request(cluster), isReplicated: true }).plan
    expect(prediction.maxLoadSeconds).toBeCloseTo(seconds, 9)
    expect(decisions.stages!.map(({ devices }) => devices.length).join('-')).toBe(stages)
  })
})
