import { describe, expect, test } from 'vitest'
import { resolveCalibration, stageSeconds } from '../../../src/cost/training/index.js'
import { pipelineScheduleNames } from '../../../src/schedule/pipeline/index.js'
import { everyRank } from '../../../src/simulate/run/everyRank.js'
import {
  costContext,
  runLength,
  sharedLinksLength,
  unfoldedLength,
  workSeconds,
} from '../../../src/simulate/run/index.js'
import { prepare, sampleRun, tables } from '../../helpers/runs.js'

/** Both lengths of a run, in ticks. */
function lengths(value: unknown) {
  const prepared = prepare(value)
  const { kind } = prepared.cluster.sheet
  const { sheets } = tables.references.catalogue
  const calibration = resolveCalibration(tables.calibrations, prepared.stack, kind, (name) => sheets.get(name)?.kind)
  const context = costContext(prepared, calibration.coefficients)
  const stages = stageSeconds(context, prepared.stages)
  const seconds = workSeconds(stages, calibration.coefficients)
  return {
    folded: runLength(prepared)(seconds),
    unfolded: unfoldedLength(prepared)(seconds),
    shared: sharedLinksLength(prepared, stages, calibration.coefficients)(seconds),
  }
}

const experts = { experts: 8, topK: 2, expertFfn: 4096 }

describe('a run played by every rank takes what its representatives take, to the tick', () => {
  test.each(pipelineScheduleNames.filter((name) => name !== 'none').map((schedule) => [schedule]))('%s', (schedule) => {
    const { folded, unfolded } = lengths(sampleRun({ parallelism: { schedule } }))
    expect(unfolded).toBe(folded)
  })

  test.each([
    ['no axis but data', { parallelism: { tp: 1, pp: 1, dp: 16 } }],
    ['tensor ranks', { parallelism: { tp: 8, pp: 1, dp: 2 } }],
    ['context ranks', { parallelism: { tp: 2, cp: 2, pp: 2, dp: 2 } }],
    ['shared optimizer state', { parallelism: { tp: 2, pp: 2, dp: 4, zeroStage: 1 } }],
    ['full sharding', { parallelism: { tp: 1, pp: 1, dp: 16, fsdp: true } }],
    ['full sharding with a pipeline', { parallelism: { tp: 2, pp: 2, dp: 4, fsdp: true } }],
    ['experts of one replica', { model: experts, parallelism: { tp: 2, pp: 4, dp: 2, ep: 2 } }],
    ['experts of several replicas', { model: experts, parallelism: { tp: 2, pp: 2, dp: 4, ep: 4 } }],
    ['layers that do not divide', { model: { layers: 18 }, parallelism: { tp: 1, pp: 8, dp: 2 } }],
    ['several stages on each rank', { parallelism: { virtualStages: 4 } }],
    [
      '1,024 ranks',
      { cluster: { devices: 1024 }, training: { globalBatch: 512 }, parallelism: { tp: 8, pp: 8, dp: 16 } },
    ],
  ])('%s', (_, change) => {
    const { folded, unfolded } = lengths(sampleRun(change))
    expect(unfolded).toBe(folded)
  })

  test('teams are those that meet in every pass', () => {
    const size = (change: object) => everyRank(prepare(sampleRun(change))).members
    expect(size({})).toBe(2)
    expect(size({ parallelism: { tp: 2, cp: 2, pp: 2, dp: 2 } })).toBe(4)
    expect(size({ parallelism: { tp: 2, pp: 2, dp: 4, fsdp: true } })).toBe(8)
    expect(size({ model: experts, parallelism: { tp: 2, pp: 2, dp: 4, ep: 4 } })).toBe(4)
    expect(size({ parallelism: { tp: 2, pp: 2, dp: 4, ep: 4 } })).toBe(2)
  })
})

describe('on networks that all share', () => {
  const withinTwo = (found: number, expected: number) => expect(Math.abs(found - expected)).toBeLessThanOrEqual(64)

  test('inside one host nothing is shared: the same to the tick', () => {
    const { unfolded, shared } = lengths(sampleRun({ cluster: { devices: 8 }, parallelism: { tp: 2, pp: 2, dp: 2 } }))
    expect(shared).toBe(unfolded)
  })

  test('groups alike that are busy at once take what their cost says, but for rounding', () => {
    const { unfolded, shared } = lengths(sampleRun({ parallelism: { tp: 8, pp: 1, dp: 2 } }))
    withinTwo(shared, unfolded)
  })

  test('pipelines whose stages share a host wait for one another on its network', () => {
    const parallelism = { tp: 1, pp: 4, dp: 4, zeroStage: 0 }
    const { unfolded, shared } = lengths(
      sampleRun({ cluster: { interHostBytesPerSecond: 1e9 }, training: { globalBatch: 16 }, parallelism }),
    )
    expect(shared).toBeGreaterThan(unfolded)
  })
})
