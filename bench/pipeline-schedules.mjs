// Compares every schedule with the orders PyTorch runs, and measures how fast a large one is written, verified and played.
//   python test/schedule/pipeline/orders/write_orders.py FOLDER all      (needs torch)
//   npm run build && node bench/pipeline-schedules.mjs FOLDER
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { formatActionCsv } from '../dist/src/formats/actionCsv.js'
import {
  liveMicrobatches,
  pipelineSchedule,
  playSchedule,
  verifySchedule,
} from '../dist/src/schedule/pipeline/index.js'

const [folder] = process.argv.slice(2)
if (folder) compare(folder)
measure()

function compare(folder) {
  const counts = new Map()
  for (const file of readdirSync(folder).filter((each) => each.endsWith('.csv'))) {
    const [, name, ranks, chunks, microbatches] = /^(.+)-(\d+)-(\d+)-(\d+)\.csv$/.exec(file)
    const theirs = withoutWaits(readFileSync(join(folder, file), 'utf8'))
    const ours = formatActionCsv(
      pipelineSchedule(name, { ranks: Number(ranks), chunks: Number(chunks), microbatches: Number(microbatches) }),
    )
    const count = counts.get(name) ?? { equal: 0, different: [] }
    if (ours === theirs) count.equal++
    else count.different.push(file)
    counts.set(name, count)
  }
  for (const [name, { equal, different }] of counts)
    console.log(`${name}: ${equal} equal, ${different.length} different ${different.slice(0, 5).join(' ')}`)
}

/** PyTorch leaves a field empty where a rank waits. */
function withoutWaits(csv) {
  return csv.replace(/^.*$/gm, (line) => line.split(',').filter(Boolean).join(','))
}

function measure() {
  const ticks = { forward: 3, input: 3, weight: 2 }
  for (const [name, ranks, chunks, microbatches] of [
    ['interleaved-1f1b', 64, 8, 512],
    ['interleaved-zero-bubble', 64, 8, 512],
    ['zb-h2', 64, 1, 512],
    ['dualpipe-v', 64, 2, 512],
  ]) {
    let schedule
    const write = median(() => {
      schedule = pipelineSchedule(name, { ranks, chunks, microbatches })
    })
    const count = schedule.actions.reduce((sum, list) => sum + list.length, 0)
    const rest = [
      median(() => verifySchedule(schedule)),
      median(() => playSchedule(schedule, ticks)),
      median(() => liveMicrobatches(schedule)),
    ]
    const [verify, play, live] = rest.map((ms) => ms.toFixed(2))
    console.log(
      `${name}: ${count} actions; ms to write ${write.toFixed(2)}, verify ${verify}, play ${play}, live ${live}`,
    )
  }
}

function median(run) {
  const times = Array.from({ length: 15 }, () => {
    const start = performance.now()
    run()
    return performance.now() - start
  })
  return times.sort((a, b) => a - b)[7]
}
