/**
 * Largest loads and CPU seconds of `--objective throughput` on dnn-partitioning workloads. Usage, after `npm run build`:
 *   node bench/throughput.mjs FILE_OR_DIRECTORY... [--effort 1]
 * One JSON line a workload and kind of plan; reading the file is not timed.
 */
import { readdirSync, readFileSync, statSync } from 'node:fs'
import path from 'node:path'
import { parseArgs } from 'node:util'
import { bytesSource } from '../dist/src/formats/source.js'
import { loadGraph } from '../dist/src/verbs/loadGraph.js'
import { planForThroughput } from '../dist/src/verbs/planForThroughput.js'

const { values, positionals } = parseArgs({
  options: { effort: { type: 'string', default: '1' } },
  allowPositionals: true,
})

const filesOf = (name) =>
  statSync(name).isDirectory()
    ? readdirSync(name, { recursive: true })
        .filter((file) => file.endsWith('.json'))
        .sort()
        .map((file) => path.join(name, file))
    : [name]

const cpuSeconds = () => {
  const { user, system } = process.cpuUsage()
  return (user + system) / 1e6
}

for (const file of positionals.flatMap(filesOf)) {
  const model = loadGraph(bytesSource(path.basename(file), readFileSync(file)), new Map())
  if (!model.cluster) continue
  for (const isContiguous of [true, false]) {
    const from = cpuSeconds()
    const { plan } = planForThroughput({
      model,
      cluster: model.cluster,
      clusterName: model.cluster.name,
      reserveBytes: 0,
      bind: new Map(),
      isContiguous,
      effort: Number(values.effort),
    })
    const { maxLoadSeconds, maxLoadLowerBoundSeconds } = plan.prediction
    console.log(
      JSON.stringify({
        workload: path.basename(file),
        ops: model.graph.ops.length,
        contiguous: isContiguous,
        maxLoadMs: round(1e3 * maxLoadSeconds, 9),
        boundMs: round(1e3 * maxLoadLowerBoundSeconds, 9),
        cpuSeconds: round(cpuSeconds() - from, 3),
        proof: plan.explanation.proof,
      }),
    )
  }
}

function round(value, digits) {
  return Number(value.toPrecision(digits))
}
