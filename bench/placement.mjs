/**
 * CPU seconds and memory of placement by ops and devices. Usage, after `npm run build`:
 *   node bench/placement.mjs [--ops 1000,10000,100000] [--devices 4] [--placer etf]
 * One JSON line a case; reading and numbering the graph are timed apart from placing and predicting.
 */
import { parseArgs } from 'node:util'
import { costTable } from '../dist/src/cost/index.js'
import { buildGraph } from '../dist/src/graph/index.js'
import { certify, placers } from '../dist/src/place/index.js'
import { schedulingProblem } from '../dist/src/schedule/index.js'
import { predictPlacement } from '../dist/src/simulate/index.js'
import { layeredGraph } from './lib/layeredGraph.mjs'

const { values } = parseArgs({
  options: {
    ops: { type: 'string', default: '1000,10000,100000' },
    devices: { type: 'string', default: '4' },
    placer: { type: 'string', default: 'etf' },
  },
})
const numbers = (text) => text.split(',').map(Number)

const cpuSeconds = () => {
  const { user, system } = process.cpuUsage()
  return (user + system) / 1e6
}

async function timed(work) {
  const from = cpuSeconds()
  const value = await work()
  return [value, cpuSeconds() - from]
}

function cluster(count) {
  const interconnect = { topology: 'switch', bytesPerSecond: 5.7e9, latencySeconds: 1.34e-4 }
  const device = { kind: 'generic', host: 0, memoryBytes: 1e15, interconnect }
  return {
    name: `${count} devices`,
    transfers: 'half-duplex',
    hosts: [{ firstDevice: 0, deviceCount: count }],
    devices: Array.from({ length: count }, () => device),
  }
}

for (const opCount of numbers(values.ops)) {
  for (const devices of numbers(values.devices)) {
    const description = layeredGraph(opCount)
    const target = cluster(devices)
    const [graph, buildSeconds] = await timed(() => buildGraph(description))
    const limits = Float64Array.from(target.devices, (device) => device.memoryBytes)
    const [problem, problemSeconds] = await timed(() =>
      schedulingProblem(graph, target, costTable(graph, target), limits),
    )
    const [attempt, placeSeconds] = await timed(() => placers[values.placer](problem, { lpSolver: 'auto', effort: 1 }))
    const { schedule } = attempt.placement
    const [, predictSeconds] = await timed(() =>
      predictPlacement(problem, schedule, { lowerBoundTicks: certify(problem).ticks }),
    )
    console.log(
      JSON.stringify({
        placer: values.placer,
        ops: opCount,
        devices,
        buildCpuSeconds: round(buildSeconds),
        placeCpuSeconds: round(problemSeconds + placeSeconds),
        predictCpuSeconds: round(predictSeconds),
        microsecondsPerOp: round((1e6 * (problemSeconds + placeSeconds + predictSeconds)) / opCount),
        maxRssMB: Math.round(process.resourceUsage().maxRSS / 1024),
        makespanSeconds: schedule.makespan / problem.ticksPerSecond,
      }),
    )
  }
}

function round(value) {
  return Number(value.toPrecision(3))
}
