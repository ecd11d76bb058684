// node bench/calibrate.mjs DATA_DIR [--draws 60] [--swaps 30] [--only STACK] [--same-anchors] [--write]: fits the cost coefficients of every measured stack on at most ten runs a device, and
// the families that stand in for stacks nobody measured; prints errors before and after; --write replaces models/calibration/training.json.
import { readFileSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import { fileURLToPath } from 'node:url'
import {
  calibrateStack,
  coefficientsOf,
  costParameters,
  errorSummary,
  fitRobustly,
  fitSpread,
  intervalOf,
  movedCoefficients,
  movedMemory,
  quantile,
} from '../dist/src/calibrate/index.js'
import { runTables } from '../dist/src/cli/runTables.js'
import {
  memoryCoefficientNames,
  memorySpecs,
  priorCoefficients,
  priorMemory,
  spreadNames,
  spreadOf,
} from '../dist/src/cost/training/index.js'
import { fullestMoments } from '../dist/src/schedule/pipeline/index.js'
import { costContext, predictRun, rankMemories, runDifficulty } from '../dist/src/simulate/run/index.js'
import { measuredRun } from '../dist/src/verbs/measuredRun.js'

const root = fileURLToPath(new URL('..', import.meta.url))
const argument = (name, otherwise) => {
  const at = process.argv.indexOf(name)
  return at > 0 ? process.argv[at + 1] : otherwise
}
const dataDir = process.argv[2]
const draws = Number(argument('--draws', '60'))
const swaps = Number(argument('--swaps', String(draws / 2)))
const only = argument('--only')
const anchorsPerDevice = 10
const file = path.join(root, 'models/calibration/training.json')
const before = JSON.parse(readFileSync(file, 'utf8')).entries

// Devices alike in architecture, whose runs are fitted together.
const generations = [
  ['A100-SXM4-80GB'],
  ['H100-SXM5-80GB'],
  ['H100-SXM-96GB-HBM2e'],
  ['B200-SXM-180GB', 'B300-SXM-288GB'],
  ['GB200-186GB', 'GB300-288GB'],
]

const tables = runTables()
const readLines = (file) =>
  readFileSync(path.join(dataDir, file), 'utf8')
    .split('\n')
    .filter(Boolean)
    .map((line) => JSON.parse(line))
const memoryOf = (values) => Object.fromEntries(memoryCoefficientNames.map((name, i) => [name, values[i]]))

function prepare(row) {
  const { flags = [], ...document } = row
  const cluster = flags.includes('nvlink-domain-72')
    ? { ...document.cluster, nvlinkDomainDevices: 72 }
    : document.cluster
  // A run that ran out of memory has no step time: any does, for its memory alone is asked for.
  const measured = row.measured.oom ? { stepSeconds: 1 } : row.measured
  const read = measuredRun({ ...document, cluster, measured }, row.id, tables)
  const { name: stack, family } = read.prepared.stack.habits
  return { ...read, row, stack, family }
}

const percent = (x) => `${(100 * x).toFixed(1)} %`
const summary = (s) =>
  `n ${s.rows} mean ${percent(s.mean)} median ${percent(s.median)} p90 ${percent(s.p90)} bias ${percent(s.bias)}`
const rows = readLines('dev.jsonl')
  .filter((row) => row.measured.stepSeconds && !row.measured.oom)
  .map(prepare)
const entries = []
const byUnit = new Map()
for (const each of rows) {
  const generation = generations.findIndex((devices) => devices.includes(each.device))
  const key = `${each.stack}|${generation}`
  if (!byUnit.has(key)) byUnit.set(key, [])
  byUnit.get(key).push(each)
}

const anchorsOf = new Map()
const judgedOf = new Map()
for (const [key, unit] of byUnit) {
  const [stack, generation] = key.split('|')
  if (only && !key.includes(only)) continue
  const started = process.cpuUsage().user
  // Rows chosen before serve again where only the model has changed.
  const known = before.find((each) => each.stack === stack && each.devices.join() === generations[generation].join())
  const anchors = process.argv.includes('--same-anchors') ? known?.anchors : undefined
  const result = calibrateStack(costParameters(), unit, {
    mostAnchors: anchorsPerDevice,
    draws,
    swaps,
    ...(anchors && { anchors }),
  })
  console.log(
    `${stack} on ${generations[generation].join(', ')}: ${summary(result.after)} (before: mean ${percent(result.before.mean)}), interval ${result.interval.map((x) => x.toFixed(3)).join('..')} pipelined ${result.pipelinedInterval.map((x) => x.toFixed(3)).join('..')}, ${((process.cpuUsage().user - started) / 1e6).toFixed(0)} s`,
  )
  anchorsOf.set(
    key,
    unit.filter((each) => result.anchors.includes(each.id)),
  )
  const entry = {
    stack,
    devices: generations[generation],
    coefficients: movedCoefficients(coefficientsOf(result.values)),
    interval: result.interval.map((x) => Number(x.toFixed(4))),
    pipelinedInterval: result.pipelinedInterval.map((x) => Number(x.toFixed(4))),
    anchors: result.anchors,
    errors: roundErrors(result.after),
  }
  entries.push(entry)
  judgedOf.set(entry, { unit, judged: result.judged })
}

function roundErrors({ rows: n, mean, median, p90 }) {
  const round = (x) => Number(x.toFixed(4))
  return { rows: n, mean: round(mean), median: round(median), p90: round(p90) }
}

// Families: one fit on the anchors of all their stacks of a generation; its interval from stacks that were left out.
const families = new Map()
for (const [key, anchors] of anchorsOf) {
  const generation = key.split('|')[1]
  for (const name of [`${anchors[0].family}|${generation}`, 'generic|-1'])
    families.set(name, [...(families.get(name) ?? []), { key, anchors }])
}
const jointly = (members) => {
  const chosen = members.flatMap(({ anchors }) => anchors)
  return fitRobustly(
    costParameters(),
    (values) => chosen.map((each) => Math.log(each.predictSeconds(values) / each.measuredSeconds)),
    { scale: 0.12, iterations: 8 },
  ).values
}
for (const [name, members] of only ? [] : families) {
  const [stack, generation] = name.split('|')
  const values = jointly(members)
  const leftOut =
    members.length > 1
      ? members.flatMap((member) => {
          const others = jointly(members.filter((each) => each !== member))
          return byUnit
            .get(member.key)
            .filter((_, i, all) => i % Math.ceil(all.length / 30) === 0)
            .map((each) => Math.log(each.measuredSeconds / each.predictSeconds(others)))
        })
      : [Math.log(0.6), Math.log(1.43), 0]
  const [low, high] = intervalOf(leftOut)
  const devices = generation === '-1' ? [] : generations[generation]
  const all = members
    .flatMap(({ key }) => byUnit.get(key))
    .map((each) => each.predictSeconds(values) / each.measuredSeconds - 1)
  console.log(
    `family ${stack} on ${devices.join(', ') || 'any device'}: ${summary(errorSummary(all))}; stacks left out: ${summary(errorSummary(leftOut.map((x) => Math.exp(-x) - 1)))}, interval ${low.toFixed(2)}..${high.toFixed(2)}`,
  )
  entries.push({
    stack,
    devices,
    coefficients: movedCoefficients(coefficientsOf(values)),
    interval: [Number(Math.min(low, 0.9).toFixed(4)), Number(Math.max(high, 1.1).toFixed(4))],
  })
}

// Memory: stacks that report it; runs that ran out say only that they needed more than there is.
const memoryParameters = memoryCoefficientNames.map((name) => ({ name, ...memorySpecs[name] }))
const peak = (each, memory) => {
  const context = costContext(each.prepared, priorCoefficients)
  const { program, stages } = each.prepared
  const memoryOf = rankMemories(context, memory)
  return Math.max(
    ...fullestMoments(program).map(
      (rank) =>
        memoryOf(
          rank.stages.map((stage) => stages[stage]),
          rank.moments,
        ).peakBytes,
    ),
  )
}
const ranOut = readLines('oom-dev.jsonl')
  .filter((row) => row.measured.oom)
  .map(prepare)
for (const stack of new Set(rows.map((each) => each.stack))) {
  const own = rows.filter(
    (each) => each.stack === stack && (each.row.measured.peakAllocatedBytes ?? each.row.measured.peakReservedBytes),
  )
  if (own.length < 10 || (only && !stack.includes(only))) continue
  const bytesOf = ({ row }) => row.measured.peakAllocatedBytes ?? row.measured.peakReservedBytes
  // Whether a run fits is decided near the limit: small runs say little.
  const large = own.filter((each) => bytesOf(each) > 0.3125 * each.prepared.cluster.memoryBytes || own.length < 100)
  const without = ranOut.filter((each) => each.stack === stack)
  const { values } = fitRobustly(
    memoryParameters,
    (at) => {
      const memory = memoryOf(at)
      return [
        ...large.map((each) => Math.log(peak(each, memory) / bytesOf(each))),
        ...without.map((each) => 3 * Math.min(0, Math.log(peak(each, memory) / each.prepared.cluster.memoryBytes))),
      ]
    },
    { scale: own.length < 100 ? 0.05 : 0.08, iterations: 25 },
  )
  const errors = own.map((each) => peak(each, memoryOf(values)) / bytesOf(each) - 1)
  console.log(`memory ${stack}: ${summary(errorSummary(errors))}`)
  for (const entry of entries) if (entry.stack === stack) entry.memory = movedMemory(memoryOf(values))
}

// Spread: how much wider the intervals of hard runs are. Few runs say little, so the weights of all stacks together stand in for theirs.
const judgedRuns = ({ coefficients, memory }, { unit, judged }) =>
  unit
    .filter((each) => judged.has(each.id))
    .map(({ id, prepared }) => {
      const calibration = {
        coefficients: { ...priorCoefficients, ...coefficients },
        memory: { ...priorMemory, ...memory },
        interval: [1, 1],
        pipelinedInterval: [1, 1],
        name: '',
        isExact: true,
      }
      const context = costContext(prepared, calibration.coefficients)
      return {
        logRatio: judged.get(id),
        difficulty: runDifficulty(prepared, context, predictRun(prepared, calibration)),
      }
    })
const fewRuns = 60
const runsOf = new Map([...judgedOf].map(([entry, unit]) => [entry, judgedRuns(entry, unit)]))
const typical = fitSpread([...runsOf.values()].flat())
for (const [entry, runs] of runsOf) {
  const spread = runs.length < fewRuns ? typical : fitSpread(runs, typical)
  const scaled = runs.map(({ logRatio, difficulty }) => logRatio / spreadOf(spread, difficulty))
  const interval = intervalOf(scaled)
  const covers = (some) =>
    some.filter(({ logRatio, difficulty }) => {
      const width = spreadOf(spread, difficulty)
      return logRatio >= width * Math.log(interval[0]) && logRatio <= width * Math.log(interval[1])
    }).length / some.length
  const widths = runs.map(({ difficulty }) => {
    const width = spreadOf(spread, difficulty)
    return interval[1] ** width - interval[0] ** width
  })
  console.log(
    `intervals of ${entry.stack} on ${entry.devices.join(', ')}: ${interval.map((x) => x.toFixed(3)).join('..')}, cover ${percent(covers(runs))}, width ${[0.1, 0.25, 0.5, 0.75, 0.9].map((q) => percent(quantile(widths, q))).join(', ')}; ${halves(runs, typical)}`,
  )
  entry.interval = interval.map((x) => Number(x.toFixed(4)))
  delete entry.pipelinedInterval
  entry.spread = Object.fromEntries(spreadNames.map((name) => [name, Number(spread[name].toPrecision(3))]))
}

/** Coverage of one half of the runs by intervals from the other. */
function halves(runs, priors) {
  if (runs.length < 20) return 'too few to halve'
  const shares = [0, 1].map((half) => {
    const mine = runs.filter((_, i) => ((i * 7919) >> 3) % 2 === half)
    const others = runs.filter((run) => !mine.includes(run))
    const spread = others.length < fewRuns ? priors : fitSpread(others, priors)
    const [low, high] = intervalOf(others.map((run) => run.logRatio / spreadOf(spread, run.difficulty))).map(Math.log)
    const inside = mine.filter(({ logRatio, difficulty }) => {
      const ratio = logRatio / spreadOf(spread, difficulty)
      return ratio >= low && ratio <= high
    })
    return percent(inside.length / mine.length)
  })
  return `halves cover each other to ${shares.join(' and ')}`
}

if (process.argv.includes('--write')) {
  // --only leaves what other stacks have.
  const isNew = (entry) =>
    entries.some((each) => each.stack === entry.stack && each.devices.join() === entry.devices.join())
  if (only) entries.unshift(...before.filter((entry) => !isNew(entry)))
  const document = {
    kind: 'stowage.calibration',
    schemaVersion: '1.0',
    source: 'bench/calibrate.mjs on 1,501 published and logged runs (docs/accuracy.md)',
    entries,
  }
  writeFileSync(file, `${JSON.stringify(document, null, 2)}\n`)
  console.log(`wrote ${file}`)
}
