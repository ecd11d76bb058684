/**
 * Configurations a CPU second of the FSDP2 memory account, one process, after `npm run build`:
 *   node bench/fsdp-memory.mjs [--configurations 20000]
 * One JSON line a model: small and large, so that a cost that grows with the layers shows; fails below 10,000 a second.
 */
import { parseArgs } from 'node:util'
import { fsdpMemory, fsdpOptimizers, fsdpUnits } from '../dist/src/cost/fsdpMemory/index.js'
import { completeModel } from '../dist/src/model/index.js'

const { values } = parseArgs({ options: { configurations: { type: 'string', default: '20000' } } })
const count = Number(values.configurations)
const floor = 10_000

const models = [
  { name: 'gpt-125m', layers: 12, hidden: 768, heads: 12, vocab: 50304 },
  { name: 'llama3-8b', layers: 32, hidden: 4096, heads: 32, kvHeads: 8, ffn: 14336, vocab: 128256, gatedMlp: true },
  {
    name: 'llama3-405b',
    layers: 126,
    hidden: 16384,
    heads: 128,
    kvHeads: 8,
    ffn: 53248,
    vocab: 128256,
    gatedMlp: true,
  },
]

const request = (model, index) => ({
  model,
  batch: 1 + (index % 8),
  seq: 1024 * (1 + (index % 4)),
  shardRanks: 8 << (index % 8),
  replicas: index % 3 === 0 ? 2 : 1,
  rank: index % 8,
  recompute: index % 2 ? 'full' : 'none',
  policy: {
    units: fsdpUnits[index % 3],
    reshardAfterForward: index % 5 !== 0,
    originalDtype: 'fp32',
    parameterDtype: index % 7 ? 'bf16' : null,
    reduceDtype: index % 4 ? 'fp32' : null,
    prefetch: index % 3 === 0 ? 'explicit:2' : 'implicit',
    optimizer: fsdpOptimizers[index % 4],
    clipGradients: false,
    accumulation: 1 + (index % 3),
    syncEveryMicrobatch: index % 2 === 0,
    loss: 'ce-fp32',
  },
})

for (const fields of models) {
  const { model } = completeModel({ ...fields, positions: 'none' })
  let checksum = 0
  for (let index = 0; index < count / 10; index++) checksum += fsdpMemory(request(model, index)).peakBytes
  const from = cpuSeconds()
  for (let index = 0; index < count; index++) checksum += fsdpMemory(request(model, index)).peakBytes
  const perSecond = Math.round(count / (cpuSeconds() - from))
  console.log(JSON.stringify({ model: model.name, layers: model.layers, configurations: count, perSecond, checksum }))
  if (perSecond < floor) process.exitCode = 1
}

function cpuSeconds() {
  const { user, system } = process.cpuUsage()
  return (user + system) / 1e6
}
