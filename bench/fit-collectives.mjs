/**
 * Fits the named constants of models/collectives/nccl.json to measured curves. Usage, after `npm run build`:
 *   node bench/fit-collectives.mjs DATA_DIR [--out] [--check]
 * DATA_DIR holds collectives.jsonl (all-reduce curves) and collective-rates.jsonl (normal mode of DeepEP). Prints the constants to enter, and the error
 * by curve. --out fits again without each curve, which is the honest figure; --check fits nothing and shows the error of the file as it stands.
 * Descent by coordinates on the mean |log(predicted / measured)|, a point counting 0.7 at most: some first points hold a warm-up.
 */
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { shippedCollectiveTables } from '../dist/src/cli/collectiveTables.js'
import { shippedHardware } from '../dist/src/cli/openCluster.js'
import { readCollectiveRequest } from '../dist/src/formats/collectiveRequest.js'
import { answerCollective } from '../dist/src/verbs/answerCollective.js'

const { values: flags, positionals } = parseArgs({
  allowPositionals: true,
  options: { out: { type: 'boolean' }, check: { type: 'boolean' } },
})
const [folder] = positionals
if (folder === undefined) throw new Error('usage: node bench/fit-collectives.mjs DATA_DIR [--out] [--check]')

const { catalogue } = shippedHardware()
const question = (line) =>
  readCollectiveRequest(line, 'line', {
    catalogue,
    cluster: () => {
      throw new Error('the curves name devices')
    },
  })

/** Points of less than 1 KiB tell the latency only. */
const curves = lines('collectives.jsonl').map((curve) => ({
  id: curve.id,
  points: curve.points
    .filter(([bytes, seconds]) => bytes >= 1024 && seconds > 0)
    .map(([bytes, seconds]) => ({ seconds, question: question(curveRequest(curve, bytes)) })),
}))

/** DeepEP's README: microseconds by ranks. 128 tokens, hidden 7168, top 8 of 256; fp8 to the experts, bf16 back. */
const lowLatency = {
  dispatch: { 16: 118, 32: 155, 64: 173, 128: 192, 256: 194 },
  combine: { 16: 195, 32: 273, 64: 314, 128: 369, 256: 360 },
}
const exchanges = Object.entries(lowLatency).map(([kind, table]) => ({
  id: `deepep-low-latency-${kind}`,
  points: Object.entries(table).map(([devices, microseconds]) => ({
    seconds: 1e-6 * microseconds,
    question: question(exchangeRequest(kind, 'low-latency', 'H800-SXM-80GB', Number(devices), 128)),
  })),
}))

/** Rates count the bytes to every host (inside one host: rank), the own included. */
const rates = lines('collective-rates.jsonl').map(({ id, devices, hosts, architecture, ...rate }) => ({
  id,
  points: ['dispatch', 'combine'].map((kind) => {
    const device = architecture === 'hopper' ? 'H100-SXM5-80GB' : 'B200-SXM-180GB'
    const asked = exchangeRequest(kind, 'normal', device, devices, 1 << 20)
    const parts = hosts > 1 ? hosts : devices
    const bytes = asked.tokens * parts * (1 - missed(256, 256 / parts, 8)) * (kind === 'dispatch' ? 7392 : 14336)
    return { seconds: bytes / rate[`${kind}BytesPerSecond`], question: question(asked) }
  }),
}))

/** Which constants answer for which measurements. */
const jobs = [
  {
    sets: curves,
    paths: [
      'messages.shortBytesPerSecond.oneHost',
      'messages.shortBytesPerSecond.acrossHosts',
      'messages.pipelineFill',
      ...tier('volta', 'intra'),
      ...tier('ampere', 'intra'),
      ...tier('ampere', 'dedicatedNetwork'),
      ...tier('ampere', 'sharedNetwork'),
      'generations.ampere.tree.rateShare',
      'generations.hopper.dedicatedNetwork.latencyScale',
      'generations.hopper.nvls.rateShare',
    ],
    error: (all) => mean(all.map((e) => Math.min(Math.abs(e), 0.7))),
  },
  {
    sets: exchanges,
    paths: ['expertExchange.lowLatency.seconds', 'expertExchange.lowLatency.rateShare'],
    error: (all) => Math.max(...all.map(Math.abs)),
  },
  {
    sets: rates,
    paths: ['expertExchange.normalNetwork.rateShare', 'expertExchange.intra.rateShare'],
    error: (all) => mean(all.map(Math.abs)),
  },
]

/** What the file assumes of a relative follows the relative. */
const followers = [
  ['ampere.intra', ['hopper', 'blackwell']],
  ['ampere.tree', ['generic', 'volta', 'hopper', 'blackwell', 'instinct']],
  ['ampere.sharedNetwork', ['hopper']],
]

for (const { sets, paths, error } of jobs) {
  const tables = structuredClone(shippedCollectiveTables())
  if (!flags.check) {
    improve(tables, sets, paths, error)
    for (const path of paths) console.log(`${path}\t${read(tables, path).toPrecision(3)}`)
  }
  const without = new Map()
  if (flags.out)
    for (const set of sets) {
      const other = structuredClone(tables)
      improve(
        other,
        sets.filter((each) => each !== set),
        paths,
        error,
      )
      without.set(set, errors(other, set))
    }
  for (const set of sets)
    console.log(
      `${row(set.id, errors(tables, set))}${without.has(set) ? `\tleft out ${row('', without.get(set))}` : ''}`,
    )
  console.log(
    `${paths.length} constants, ${row(
      'all',
      sets.flatMap((set) => errors(tables, set)),
    )}`,
  )
  if (flags.out) console.log(row('each left out', [...without.values()].flat()))
}

function improve(tables, sets, paths, error) {
  const total = () => error(sets.flatMap((set) => set.points.map((point) => Math.log(ratio(tables, point)))))
  let best = total()
  for (let step = 0.3; step > 0.002; ) {
    let better = false
    for (const path of paths)
      for (const factor of [1 + step, 1 / (1 + step)]) {
        const before = read(tables, path)
        const capped = /Share$|Fill$/.test(path) ? Math.min(1, before * factor) : before * factor
        write(tables, path, capped)
        const now = total()
        if (now < best - 1e-7) {
          best = now
          better = true
        } else write(tables, path, before)
      }
    if (!better) step /= 1.6
  }
}

function ratio(tables, { question: asked, seconds }) {
  return answerCollective(asked, tables).seconds / seconds
}

function errors(tables, { points }) {
  return points.map((point) => Math.abs(ratio(tables, point) - 1))
}

function row(name, all) {
  return `${name}\tn ${all.length}\tmean ${(100 * mean(all)).toFixed(1)} %\tworst ${(100 * Math.max(...all)).toFixed(1)} %`
}

function tier(generation, name) {
  return ['rateShare', 'latencyScale'].map((figure) => `generations.${generation}.${name}.${figure}`)
}

function read(tables, path) {
  const [holder, key] = locate(tables, path)
  return holder[key]
}

function write(tables, path, value) {
  const [holder, key] = locate(tables, path)
  holder[key] = value
  for (const [leader, generations] of followers)
    if (path.startsWith(`generations.${leader}.`))
      for (const generation of generations) {
        const [copy] = locate(tables, path.replace('ampere', generation))
        copy[key] = value
      }
}

function locate(tables, path) {
  const keys = path.split('.')
  const key = keys.pop()
  const holder = keys.reduce(
    (at, step) => (Array.isArray(at) ? at.find((each) => each.generation === step) : at[step]),
    tables,
  )
  return [holder, key]
}

function curveRequest({ collective, device, devices, hosts = 1, interHostBytesPerSecond }, bytes) {
  const network = interHostBytesPerSecond === undefined ? {} : { interHostBytesPerSecond }
  return {
    collective: collective.replaceAll('_', '-'),
    bytes,
    cluster: { device, devices, devicesPerHost: Math.ceil(devices / hosts), ...network },
  }
}

function exchangeRequest(kind, mode, device, devices, tokens) {
  const dtype = kind === 'dispatch' ? 'fp8' : 'bf16'
  const cluster = { device, devices, devicesPerHost: 8, interHostBytesPerSecond: 400e9 }
  return { collective: `moe-${kind}`, tokens, hidden: 7168, topK: 8, experts: 256, dtype, mode, cluster }
}

function missed(experts, held, chosen) {
  let none = 1
  for (let drawn = 0; drawn < chosen; drawn++) none *= Math.max(0, experts - held - drawn) / (experts - drawn)
  return none
}

function mean(values) {
  return values.reduce((a, b) => a + b, 0) / values.length
}

function lines(name) {
  const text = readFileSync(join(folder, name), 'utf8')
  return text
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line))
}
