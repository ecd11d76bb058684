/**
 * CPU seconds and memory of placement by ops and devices. Usage, after `npm run build`:
 *   node bench/placement.mjs [--ops 1000,10000,100000] [--devices 4] [--placer etf]   one JSON line a case, each phase apart
 *   node bench/placement.mjs --table [--check]                                        the cases of baselines/placement-time.json
 * `--check` ends with 1 when a case takes over twice the baseline's time per op: CPU time of one run on a shared machine is no better than that.
 */
import { execFileSync } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
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
    table: { type: 'boolean', default: false },
    check: { type: 'boolean', default: false },
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

if (values.table) compareWithBaseline()
else
  for (const opCount of numbers(values.ops))
    for (const devices of numbers(values.devices)) await measure(opCount, devices)

async function measure(opCount, devices) {
  const description = layeredGraph(opCount)
  const target = cluster(devices)
  const [graph, buildSeconds] = await timed(() => buildGraph(description))
  const limits = Float64Array.from(target.devices, (device) => device.memoryBytes)
  const [problem, problemSeconds] = await timed(() =>
    schedulingProblem(graph, target, costTable(graph, target), limits),
  )
  const [attempt, placeSeconds] = await timed(() => placers[values.placer](problem, { lpSolver: 'auto', effort: 1 }))
  const { schedule, peakBytes } = attempt.placement
  const [bound, boundSeconds] = await timed(() => certify(problem))
  const [, predictSeconds] = await timed(() =>
    predictPlacement(problem, schedule, { lowerBoundTicks: bound.ticks, peakBytes }),
  )
  const row = {
    placer: values.placer,
    ops: opCount,
    devices,
    buildCpuSeconds: round(buildSeconds),
    placeCpuSeconds: round(problemSeconds + placeSeconds),
    boundCpuSeconds: round(boundSeconds),
    predictCpuSeconds: round(predictSeconds),
    placeMicrosecondsPerOp: round((1e6 * (problemSeconds + placeSeconds)) / opCount),
    microsecondsPerOp: round((1e6 * (problemSeconds + placeSeconds + boundSeconds + predictSeconds)) / opCount),
    maxRssMB: Math.round(process.resourceUsage().maxRSS / 1024),
    makespanSeconds: schedule.makespan / problem.ticksPerSecond,
  }
  console.log(JSON.stringify(row))
}

/** Each case in a process of its own, so that none finds the program warmed up or memory grown by another. */
function compareWithBaseline() {
  const { cases } = JSON.parse(readFileSync(new URL('baselines/placement-time.json', import.meta.url), 'utf8'))
  console.log('placer  ops      devices  place us/op  baseline  end to end us/op  bound s  predict s  peak MB')
  for (const { placer, ops, devices, placeMicrosecondsPerOp: usual } of cases) {
    const flags = ['--placer', placer, '--ops', String(ops), '--devices', String(devices)]
    const row = JSON.parse(
      execFileSync(process.execPath, [fileURLToPath(import.meta.url), ...flags], { encoding: 'utf8' }),
    )
    const cells = [
      [placer, 8],
      [ops, 9],
      [devices, 9],
      [row.placeMicrosecondsPerOp, 13],
      [usual ?? '-', 10],
      [row.microsecondsPerOp, 18],
      [row.boundCpuSeconds, 9],
      [row.predictCpuSeconds, 11],
      [row.maxRssMB, 0],
    ]
    console.log(cells.map(([value, width]) => String(value).padEnd(width)).join(''))
    if (values.check && row.placeMicrosecondsPerOp > 2 * usual) process.exitCode = 1
  }
}

function round(value) {
  return Number(value.toPrecision(3))
}
