/**
 * What `auto` gains on Baechi's three placers on large graphs with one feature each: memory limits, colocation groups, unequal devices, two hosts; `plain`
 * has none, to compare with. Baechi's side is the best of m-TOPO, and m-ETF and m-SCT with its tie-break by topological order, each as scheduled by
 * our core and as replayed from its map alone. Usage, after `npm run build`:
 *   node bench/placementClasses.mjs [--classes plain,memory,...] [--ops 1000] [--devices 4,8] [--dear 1,4] [--seeds 1] [--effort 1]
 * One JSON line a case, and the means of each class.
 *
 * Baseline (defaults: 1,000 ops, 4 and 8 devices, mean transfer 1 and 4 times the mean op), gain mean and least:
 *   plain       26.9 %  22.3 %
 *   memory      25.4 %  24.5 %   with dear transfers Baechi's placers find no plan; `auto` does, but at 8 devices a poor one
 *   colocation  32.3 %  29.7 %
 *   unequal     36.2 %  20.2 %
 *   hosts       43.8 %  39.9 %
 */
import { parseArgs } from 'node:util'
import { costTable } from '../dist/src/cost/index.js'
import { buildGraph } from '../dist/src/graph/index.js'
import { planPlacement } from '../dist/src/place/index.js'
import { listSchedule } from '../dist/src/place/listSchedule.js'
import { sctInput } from '../dist/src/place/sct.js'
import { sctRelaxation } from '../dist/src/place/sctRelaxation.js'
import { placeTopo } from '../dist/src/place/topo.js'
import { withinLimits } from '../dist/src/place/withinLimits.js'
import { completeOrder, memoryPeaks, opOrder, replay, schedulingProblem } from '../dist/src/schedule/index.js'
import { layeredClass, layeredClasses } from './lib/layeredClass.mjs'

const { values } = parseArgs({
  options: {
    classes: { type: 'string', default: layeredClasses.join() },
    ops: { type: 'string', default: '1000' },
    devices: { type: 'string', default: '4,8' },
    dear: { type: 'string', default: '1,4' },
    seeds: { type: 'string', default: '1' },
    effort: { type: 'string', default: '1' },
  },
})
const numbers = (text) => text.split(',').map(Number)

async function baechi(problem) {
  const rank = new Float64Array(problem.graph.ops.length)
  problem.graph.topologicalOrder.forEach((op, k) => {
    rank[op] = -k
  })
  const { favourites } = await sctRelaxation(sctInput(problem), 'auto')
  const attempts = [
    placeTopo(problem),
    listSchedule(problem, { placer: 'm-etf', rank }),
    listSchedule(problem, { placer: 'm-sct', rank, favouriteOf: favourites }),
  ]
  let best = Number.POSITIVE_INFINITY
  for (const attempt of attempts.map((each) => withinLimits(problem, each))) {
    if ('miss' in attempt) continue
    best = Math.min(best, attempt.placement.schedule.makespan, replayed(problem, attempt.placement.deviceOf))
  }
  return best
}

/** Makespan of the map in the order that FORMATS gives a map without one; endless where it passes a limit. */
function replayed(problem, deviceOf) {
  const schedule = replay(problem, deviceOf, opOrder(completeOrder(problem, deviceOf)))
  const fits = memoryPeaks(problem, schedule).every((bytes, d) => bytes <= problem.memoryLimits[d])
  return fits ? schedule.makespan : Number.POSITIVE_INFINITY
}

for (const name of values.classes.split(',')) {
  const gains = []
  const gaps = []
  for (const ops of numbers(values.ops))
    for (const devices of numbers(values.devices))
      for (const dear of numbers(values.dear))
        for (const seed of numbers(values.seeds)) {
          const { graph: description, cluster, limits } = layeredClass(name, { ops, devices, seed, dear })
          const graph = buildGraph(description)
          const problem = schedulingProblem(graph, cluster, costTable(graph, cluster), Float64Array.from(limits))
          const theirs = await baechi(problem)
          const from = process.cpuUsage().user
          const { placement, bound } = await planPlacement(problem, {
            placer: 'auto',
            lpSolver: 'auto',
            effort: Number(values.effort),
          })
          const cpuSeconds = (process.cpuUsage().user - from) / 1e6
          const { makespan } = placement.schedule
          const gain = theirs < Number.POSITIVE_INFINITY ? 1 - makespan / theirs : undefined
          if (gain !== undefined) gains.push(gain)
          gaps.push(makespan / bound.ticks - 1)
          console.log(
            JSON.stringify({
              class: name,
              ops,
              devices,
              dear,
              seed,
              stepMs: round((1e3 * makespan) / problem.ticksPerSecond),
              gain: gain === undefined ? 'Baechi finds none' : round(gain),
              gap: round(makespan / bound.ticks - 1),
              cpuSeconds: round(cpuSeconds),
            }),
          )
        }
  console.log(
    JSON.stringify({
      class: name,
      meanGain: round(mean(gains)),
      leastGain: round(Math.min(...gains)),
      meanGap: round(mean(gaps)),
    }),
  )
}

function mean(list) {
  return list.reduce((sum, each) => sum + each, 0) / Math.max(1, list.length)
}

function round(value) {
  return Number(value.toPrecision(4))
}
