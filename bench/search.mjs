/**
 * Searches over the configurations of training runs. Usage, after `npm run build`:
 *   node bench/search.mjs [--runs 5]
 * A 530B GPT on 2,240 A100s and a 1T one on 3,072 (arXiv 2104.04473), Llama-3-70B on 128 H100s, Mixtral-8x7B on 256, with 1F1B, GPipe and ZB-H1 beside interleaved 1F1B: configurations, how many were played, CPU seconds
 * (best of the runs), and the best.
 */
import { parseArgs } from 'node:util'
import { runTables } from '../dist/src/cli/runTables.js'
import { readRun } from '../dist/src/formats/run.js'
import { runLine } from '../dist/src/verbs/explainSearch.js'
import { searchParallel } from '../dist/src/verbs/planParallel.js'

const { values } = parseArgs({ options: { runs: { type: 'string', default: '5' } } })
const tables = runTables()
const gpt = (layers, hidden, heads) => ({
  name: `gpt-${layers}`,
  layers,
  hidden,
  heads,
  ffn: 4 * hidden,
  vocab: 51200,
  seq: 2048,
  gatedMlp: false,
})

for (const [model, device, devices, globalBatch, stack] of [
  [gpt(105, 20480, 128), 'A100-SXM4-80GB', 2240, 2240, 'megatron-lm-2021'],
  [gpt(128, 25600, 160), 'A100-SXM4-80GB', 3072, 3072, 'megatron-lm-2021'],
  ['llama3-70b', 'H100-SXM5-80GB', 128, 1024, 'megatron-core'],
  ['mixtral-8x7b', 'H100-SXM5-80GB', 256, 1024, 'megatron-core'],
]) {
  const cluster = { device, devices, devicesPerHost: 8 }
  const value = {
    stack,
    model,
    cluster,
    training: { globalBatch, microbatch: 1, precision: 'bf16' },
    parallelism: { dp: devices },
  }
  const read = readRun(value, 'run', tables.references)
  const space = {
    ...{
      model: read.run.model,
      devices,
      domainDevices: read.cluster.domainDevices,
      globalBatch,
      precision: 'bf16',
      optimizer: 'adamw',
      stack,
    },
    ...{ pins: {}, schedules: ['1f1b', 'gpipe', 'zb-h1'], recomputations: ['none', 'selective', 'full'] },
  }
  let found
  let least = Number.POSITIVE_INFINITY
  for (let run = 0; run < Number(values.runs); run++) {
    const from = process.cpuUsage()
    found = searchParallel({ space, cluster: read.cluster, top: 3 }, tables).found
    const { user, system } = process.cpuUsage(from)
    least = Math.min(least, (user + system) / 1e6)
  }
  const [best] = found.best
  console.log(
    `${read.run.model.name} on ${devices}: ${found.configurations} configurations, ${found.overMemory} do not fit, ${found.played} played, ${least.toFixed(2)} s of CPU, ` +
      `${((1e6 * least) / found.configurations).toFixed(0)} us each; ${best.prediction.stepSeconds.toFixed(2)} s: ${runLine(best.run)}`,
  )
}
