/**
 * The exact placer on small random problems: how many it proves and in what CPU time, how far the certified bound and the trivial one (critical
 * path, work / devices) lie below the optimum, and how `auto` compares with it. Usage, after `npm run build`:
 *   node bench/optimal.mjs [--ops 9,12] [--instances 100] [--seed 1] [--effort 1] [--no-auto]
 * One JSON line a size.
 */
import { parseArgs } from 'node:util'
import { costTable } from '../dist/src/cost/index.js'
import { UserError } from '../dist/src/errors/index.js'
import { buildGraph } from '../dist/src/graph/index.js'
import { certify, planPlacement } from '../dist/src/place/index.js'
import { schedulingProblem } from '../dist/src/schedule/index.js'
import { smallInstance } from './lib/smallInstance.mjs'

const { values } = parseArgs({
  allowNegative: true,
  options: {
    ops: { type: 'string', default: '9,12' },
    instances: { type: 'string', default: '100' },
    seed: { type: 'string', default: '1' },
    effort: { type: 'string', default: '1' },
    auto: { type: 'boolean', default: true },
  },
})

const cpuSeconds = () => process.cpuUsage().user / 1e6

/** The plan and the CPU seconds it took; no plan where none fits. */
async function timed(problem, placer, effort) {
  const from = cpuSeconds()
  let found
  try {
    found = await planPlacement(problem, { placer, lpSolver: 'auto', effort })
  } catch (error) {
    if (!(error instanceof UserError)) throw error
  }
  return { found, seconds: cpuSeconds() - from }
}

function problemOf(seed, ops) {
  const { graph: description, cluster, limits } = smallInstance(seed, ops)
  const graph = buildGraph(description)
  return schedulingProblem(graph, cluster, costTable(graph, cluster), Float64Array.from(limits))
}

function trivialTicks({ graph, opTicks, deviceCount }) {
  const least = graph.ops.map((_, op) => Math.min(...opTicks.map((column) => column[op]).filter((ticks) => ticks >= 0)))
  const end = new Float64Array(least.length)
  for (const op of graph.topologicalOrder) {
    let start = 0
    for (let k = graph.inStart[op]; k < graph.inStart[op + 1]; k++)
      start = Math.max(start, end[graph.edgeFrom[graph.inEdge[k]]])
    end[op] = start + least[op]
  }
  return Math.max(...end, least.reduce((sum, ticks) => sum + ticks, 0) / deviceCount)
}

for (const ops of values.ops.split(',').map(Number)) {
  const proof = []
  const searched = []
  const bound = []
  const trivial = []
  const excess = []
  const autoSeconds = []
  let [noPlan, autoMisses] = [0, 0]
  for (let seed = Number(values.seed); seed < Number(values.seed) + Number(values.instances); seed++) {
    const problem = problemOf(seed, ops)
    const { found, seconds } = await timed(problem, 'optimal', Number(values.effort))
    searched.push(seconds)
    if (!found) {
      noPlan++
      continue
    }
    const { makespan } = found.placement.schedule
    const isProved = found.bound.ticks >= makespan
    proof.push(isProved ? 1 : 0)
    if (!isProved || makespan === 0) continue
    bound.push(1 - certify(problem).ticks / makespan)
    trivial.push(1 - trivialTicks(problem) / makespan)
    if (!values.auto) continue
    const auto = await timed(problem, 'auto', 1)
    autoSeconds.push(auto.seconds)
    if (auto.found) excess.push(auto.found.placement.schedule.makespan / makespan - 1)
    else autoMisses++
  }
  console.log(
    JSON.stringify({
      ops,
      instances: searched.length,
      noPlan,
      provedShare: round(mean(proof)),
      cpuSeconds: {
        median: round(quantile(searched, 0.5)),
        p90: round(quantile(searched, 0.9)),
        most: round(Math.max(...searched)),
      },
      boundBelowOptimum: round(mean(bound)),
      trivialBelowOptimum: round(mean(trivial)),
      ...(values.auto && {
        autoMeanExcess: round(mean(excess)),
        autoOptimalShare: round(mean(excess.map((each) => (each <= 1e-12 ? 1 : 0)))),
        autoMisses,
        autoMostCpuSeconds: round(Math.max(...autoSeconds)),
      }),
    }),
  )
}

function mean(list) {
  return list.reduce((sum, each) => sum + each, 0) / Math.max(1, list.length)
}

function quantile(list, share) {
  return [...list].sort((a, b) => a - b)[Math.floor(share * (list.length - 1))]
}

function round(value) {
  return Number(value.toPrecision(3))
}
