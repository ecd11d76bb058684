/**
 * Placer x model: step time of each placer, bound, peak bytes and CPU seconds to plan, for training steps on 2, 4 and 8 H200s, with all their memory and
 * with little. Usage, after `npm run build`:
 *   node bench/placement-table.mjs [--models resnet50,...] [--devices 2,4,8] [--effort 1] [--write docs/placement.md]
 * Without --write the tables go to standard output; with it they replace what stands between the two marks of the file.
 */
import { execFileSync } from 'node:child_process'
import { mkdtempSync, readFileSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { fileURLToPath } from 'node:url'
import { parseArgs } from 'node:util'
import { openCluster } from '../dist/src/cli/openCluster.js'
import { costTable } from '../dist/src/cost/index.js'
import { buildGraph } from '../dist/src/graph/index.js'
import { certify, planPlacement } from '../dist/src/place/index.js'
import { completeOrder, memoryPeaks, opOrder, replay, schedulingProblem } from '../dist/src/schedule/index.js'
import { inceptionGraph } from './lib/inceptionGraph.mjs'

const { values } = parseArgs({
  options: {
    models: { type: 'string', default: 'gpt2,resnet50,inception-v3,llama2-13b' },
    devices: { type: 'string', default: '2,4,8' },
    effort: { type: 'string', default: '1' },
    write: { type: 'string' },
  },
})

/** Where each graph comes from: a file or shipped description, and what the command line adds. */
const models = {
  gpt2: ['fixtures/gpt2-small.onnx'],
  resnet50: ['fixtures/resnet50.onnx'],
  'inception-v3': [inceptionFile],
  'llama2-13b': ['models/llama2-13b.json', '--recompute', 'full'],
}
const placerNames = ['topo', 'etf', 'sct', 'heft', 'auto']
/** Tight memory: this times an even share of what one device would need for everything, or times what the neediest op and its colocation group do. */
const tightShare = 1.25

const root = fileURLToPath(new URL('..', import.meta.url))
const rows = []
for (const name of values.models.split(',')) {
  const graph = trainingGraphOf(name)
  for (const devices of values.devices.split(',').map(Number)) {
    for (const memory of ['ample', 'tight']) {
      const row = await measure(name, graph, devices, memory)
      rows.push(row)
      console.error(JSON.stringify(row))
    }
  }
}
const text = [table(rows), chart(rows)].join('\n')
if (values.write) replaceBetweenMarks(values.write, text)
else console.log(text)

function inceptionFile() {
  const file = path.join(mkdtempSync(path.join(tmpdir(), 'stowage-')), 'inception-v3.json')
  writeFileSync(file, JSON.stringify({ kind: 'stowage.graph', schemaVersion: '1.0', ...inceptionGraph() }))
  return file
}

function trainingGraphOf(name) {
  const [source, ...more] = models[name]
  const model = typeof source === 'function' ? source() : path.join(root, source)
  const flags = ['inspect', model, '--mode', 'training', ...more, '--export', 'stowage.graph']
  const options = { maxBuffer: 1 << 28, stdio: ['ignore', 'pipe', 'ignore'] }
  return buildGraph(JSON.parse(execFileSync(process.execPath, [path.join(root, 'bin/run.js'), ...flags], options)))
}

async function measure(name, graph, devices, memory) {
  const cluster = await openCluster(`1xh200x${devices}`)
  const costs = costTable(graph, cluster)
  const problemWithin = (bytes) =>
    schedulingProblem(
      graph,
      cluster,
      costs,
      Float64Array.from(cluster.devices, () => bytes),
    )
  const own = cluster.devices[0].memoryBytes
  const limit =
    memory === 'ample'
      ? own
      : Math.min(own, tightShare * Math.max(allOnOne(problemWithin(own)) / devices, largestNeed(graph)))
  const problem = problemWithin(limit)
  const seconds = (ticks) => ticks / problem.ticksPerSecond
  const row = { name, ops: graph.ops.length, devices, memory, limit, bound: seconds(certify(problem).ticks), steps: {} }
  for (const placer of placerNames) {
    const before = process.cpuUsage()
    try {
      const options = { placer, lpSolver: 'auto', effort: Number(values.effort) }
      const { placement, bound } = await planPlacement(problem, options)
      row.steps[placer] = seconds(placement.schedule.makespan)
      if (placer !== 'auto') continue
      row.bound = seconds(bound.ticks)
      row.best = placement.placer
      row.peak = Math.max(...placement.peakBytes)
    } catch (error) {
      if (error.code !== 'E301') throw error // No plan: a dash in the table.
    }
    const { user, system } = process.cpuUsage(before)
    row.cpuSeconds = (user + system) / 1e6
  }
  return row
}

/** Peak bytes of a step that runs on one device alone. */
function allOnOne(problem) {
  const deviceOf = new Int32Array(problem.graph.ops.length)
  const order = opOrder(completeOrder(problem, deviceOf))
  return memoryPeaks(problem, replay(problem, deviceOf, order))[0]
}

/** The most that an op needs while it runs, with all that its colocation group keeps. */
function largestNeed({ ops, groupOf, groupNames, parameterBytes, temporaryBytes, tensorBytes, ...graph }) {
  const kept = new Float64Array(groupNames.length)
  groupOf.forEach((group, op) => {
    if (group >= 0) kept[group] += parameterBytes[op]
  })
  const needs = ops.map((_, op) => (groupOf[op] < 0 ? parameterBytes[op] : kept[groupOf[op]]) + temporaryBytes[op])
  for (let t = 0; t < tensorBytes.length; t++) {
    needs[graph.tensorProducer[t]] += tensorBytes[t]
    for (let k = graph.consumerStart[t]; k < graph.consumerStart[t + 1]; k++)
      needs[graph.consumerOp[k]] += tensorBytes[t]
  }
  return needs.reduce((most, need) => Math.max(most, need), 0)
}

function table(all) {
  const ms = (value) => (value === undefined ? '–' : (1e3 * value).toPrecision(4))
  const gib = (bytes) => (bytes === undefined ? '–' : (bytes / 2 ** 30).toPrecision(3))
  const lines = all.map((row) => {
    const gap = row.steps.auto === undefined ? '–' : `${(100 * (row.steps.auto / row.bound - 1)).toFixed(1)} %`
    const steps = placerNames.map((placer) => ms(row.steps[placer]))
    const cells = [`${row.name} (${row.ops})`, row.devices, row.memory, ...steps, ms(row.bound), gap, row.best ?? '–']
    return `| ${[...cells, `${gib(row.peak)} / ${gib(row.limit)}`, row.cpuSeconds.toPrecision(2)].join(' | ')} |`
  })
  const head = [
    'model (ops)',
    'devices',
    'memory',
    ...placerNames,
    'bound',
    'auto over bound',
    'found by',
    'peak / limit, GiB',
    'CPU s',
  ]
  return ['Step time in ms.', '', `| ${head.join(' | ')} |`, `|${' --- |'.repeat(head.length)}`, ...lines, ''].join(
    '\n',
  )
}

/** Bars of step time over bound on the most devices with ample memory. */
function chart(all) {
  const most = Math.max(...all.map((row) => row.devices))
  const shown = all.filter((row) => row.devices === most && row.memory === 'ample')
  const bars = shown.flatMap((row) => [
    row.name,
    ...placerNames
      .filter((placer) => row.steps[placer] !== undefined)
      .map((placer) => {
        const over = row.steps[placer] / row.bound
        return `  ${placer.padEnd(5)}${'█'.repeat(Math.round(Math.min(over, 4) * 15))} ${over.toFixed(2)}`
      }),
  ])
  return [`Step time over the certified bound, ${most} devices, ample memory:`, '', '```text', ...bars, '```', ''].join(
    '\n',
  )
}

function replaceBetweenMarks(file, text) {
  const whole = readFileSync(file, 'utf8')
  const [start, end] = ['<!-- measured -->', '<!-- /measured -->']
  const from = whole.indexOf(start) + start.length
  writeFileSync(file, `${whole.slice(0, from)}\n\n${text}\n${whole.slice(whole.indexOf(end))}`)
}
