import { expect, test } from 'vitest'
import { priorCoefficients, stageSeconds } from '../../../src/cost/training/index.js'
import { costContext } from '../../../src/simulate/index.js'
import { prepare, sampleRun } from '../../helpers/runs.js'

/** Four pipeline ranks on two hosts: transfers between ranks 1 and 2 cross, and 1F1B's last is as far from the first as hosts are. */
test.each([
  ['1f1b', [1, 3]],
  ['interleaved-1f1b', [1, 3, 5, 7]],
  // Ranks 0 1 2 3 3 2 1 0: a stage whose next is on its own rank hands gradients to the one before.
  ['zb-v', [1, 5]],
  // Ranks 0 1 2 3, and 3 2 1 0 for the other copy.
  ['dualpipe', [1, 3, 5, 7]],
])('stages of %s that send across hosts are %j', (schedule, crossing) => {
  const prepared = prepare(
    sampleRun({
      cluster: { devices: 8, devicesPerHost: 4 },
      parallelism: { tp: 2, pp: 4, dp: 1, schedule },
      training: { globalBatch: 32 },
    }),
  )
  const stages = stageSeconds(costContext(prepared, priorCoefficients), prepared.stages)
  expect(stages.flatMap(({ transfer }, s) => (transfer.link.domains > 1 ? [s] : []))).toEqual(crossing)
})
