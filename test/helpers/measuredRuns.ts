import { costParameters } from '../../src/calibrate/index.js'
import type { CoefficientName } from '../../src/cost/training/index.js'
import { measuredRun } from '../../src/verbs/measuredRun.js'
import { tables } from './runs.js'

/** Coefficients of a stack that exists nowhere: slower products, links and host than usual. */
export const truth: Readonly<Partial<Record<CoefficientName, number>>> = {
  matrixEfficiency: 0.62,
  hostLayerSeconds: 6e-4,
  intraRateShare: 0.4,
  interRateShare: 0.35,
}

/** Products of degrees are the devices; hidden sizes and sequences differ, so that every coefficient above is felt. */
const shapes = [
  { devices: 8, tp: 1, pp: 1, hidden: 2048, layers: 24, seq: 2048 },
  { devices: 8, tp: 2, pp: 1, hidden: 4096, layers: 24, seq: 2048 },
  { devices: 8, tp: 8, pp: 1, hidden: 4096, layers: 32, seq: 4096 },
  { devices: 16, tp: 4, pp: 1, hidden: 4096, layers: 32, seq: 4096 },
  { devices: 16, tp: 2, pp: 4, hidden: 4096, layers: 32, seq: 2048 },
  { devices: 32, tp: 1, pp: 1, hidden: 2048, layers: 24, seq: 4096 },
  { devices: 32, tp: 8, pp: 2, hidden: 6144, layers: 40, seq: 4096 },
  { devices: 64, tp: 4, pp: 4, hidden: 6144, layers: 40, seq: 2048 },
]

/** 24 measured runs in three sources: predicted with `truth`, then off by a known -`noise` to +`noise`. */
export function measuredRows(noise = 0.03, device = 'A100-SXM4-80GB'): object[] {
  return shapes.flatMap((shape, s) =>
    [1, 2, 4].map((microbatch, m) => {
      const row = rowOf(shape, microbatch, device, s * 3 + m)
      const disturbance = noise * Math.sin(7 * (3 * s + m) + 1)
      const exact = measuredRun({ ...row, measured: { stepSeconds: 1 } }, 'row', tables)!.predictSeconds(trueValues)
      return { ...row, measured: { stepSeconds: Number((exact * (1 + disturbance)).toPrecision(6)) } }
    }),
  )
}

const trueValues = costParameters().map(({ name, prior }) => truth[name as CoefficientName] ?? prior)

function rowOf(
  { devices, tp, pp, hidden, layers, seq }: (typeof shapes)[number],
  microbatch: number,
  device: string,
  k: number,
) {
  return {
    id: `run-${String(k + 1).padStart(2, '0')}`,
    source: `made by test/helpers/measuredRuns.ts, part ${1 + (k % 3)}`,
    stack: 'acme-trainer',
    model: { name: 'gpt', layers, hidden, heads: hidden / 128, ffn: 4 * hidden, vocab: 51200, seq, gatedMlp: false },
    cluster: { device, devices, devicesPerHost: 8, intraHostBytesPerSecond: 3e11, interHostBytesPerSecond: 1e11 },
    training: { globalBatch: 256, microbatch, precision: 'bf16', recompute: 'full', optimizer: 'adam' },
    parallelism: { tp, pp, dp: devices / tp / pp, sequenceParallel: tp > 1, zeroStage: 1 },
  }
}
