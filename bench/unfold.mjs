/**
 * How long a training run takes to lower and play, rank by rank and folded. Usage, after `npm run build`:
 *   node bench/unfold.mjs [--runs 7]
 * Llama-3-70B on 1,024 H100s (tp 8, pp 8, dp 16, 32 microbatches of one sequence) with every rank, microbatch, collective and transfer; and folded, the whole prediction,
 * on 12,288 and 16,384, where every rank is played too and must come out equal. Best of the runs, CPU milliseconds.
 */
import { parseArgs } from 'node:util'
import { runTables } from '../dist/src/cli/runTables.js'
import { resolveCalibration, stageSeconds } from '../dist/src/cost/training/index.js'
import { readRun } from '../dist/src/formats/run.js'
import {
  costContext,
  everyRank,
  lowerRun,
  playRanks,
  predictRun,
  prepareRun,
  runLength,
  workSeconds,
} from '../dist/src/simulate/run/index.js'

const { values } = parseArgs({ options: { runs: { type: 'string', default: '7' } } })
const tables = runTables()

for (const [devices, tp, pp, dp, microbatches] of [
  [1024, 8, 8, 16, 32],
  [12288, 8, 8, 192, 32],
  [16384, 8, 16, 128, 32],
]) {
  const value = {
    stack: 'megatron-core',
    model: 'llama3-70b',
    cluster: { device: 'H100-SXM5-80GB', devices, devicesPerHost: 8 },
    training: {
      globalBatch: dp * microbatches,
      microbatch: 1,
      precision: 'bf16',
      recompute: 'selective',
      optimizer: 'adam',
    },
    parallelism: { tp, pp, dp, sequenceParallel: true, zeroStage: 1 },
  }
  const { run, cluster } = readRun(value, 'run', tables.references)
  const prepared = prepareRun(run, cluster, tables.stacks)
  const sheets = tables.references.catalogue.sheets
  const calibration = resolveCalibration(
    tables.calibrations,
    prepared.stack,
    cluster.sheet.kind,
    (name) => sheets.get(name)?.kind,
  )
  const context = costContext(prepared, calibration.coefficients)
  const seconds = workSeconds(stageSeconds(context, prepared.stages), calibration.coefficients)

  const runs = devices > 2000 ? 2 : Number(values.runs)
  let played
  let graph
  const unfolded = best(runs, () => {
    const ranks = everyRank(prepared)
    graph = lowerRun(ranks)
    played = playRanks(prepared, ranks, graph, seconds)
  })
  const whole = best(runs, () => predictRun(prepareRun(run, cluster, tables.stacks), calibration))
  const equal = runLength(prepared)(seconds) === played.makespan
  console.log(
    `${devices} GPUs: every rank ${unfolded.toFixed(0)} ms, ${graph.taskCount} tasks, ${graph.successor.length} dependencies, ${played.eventCount} events; ` +
      `folded prediction ${whole.toFixed(1)} ms; lengths ${equal ? 'equal to the tick' : 'DIFFER'}`,
  )
  if (!equal) process.exitCode = 1
}

function best(runs, work) {
  let least = Number.POSITIVE_INFINITY
  for (let run = 0; run < runs; run++) {
    const from = process.cpuUsage()
    work()
    const { user, system } = process.cpuUsage(from)
    least = Math.min(least, (user + system) / 1e3)
  }
  return least
}
