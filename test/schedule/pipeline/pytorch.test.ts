import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { formatActionCsv, parseActionCsv } from '../../../src/formats/actionCsv.js'
import { pipelineSchedule, playSchedule } from '../../../src/schedule/pipeline/index.js'

/** What PyTorch 2.13 runs, written by orders/write_orders.py. bench/pipeline-schedules.mjs compares 1,689 cases. */
const folder = join(import.meta.dirname, 'orders')
const files = readdirSync(folder).filter((file) => file.endsWith('.csv'))

test('there are cases of every schedule of PyTorch', () => {
  expect(new Set(files.map((file) => file.split('-')[0])).size).toBe(7)
})

test.each(files)('%s is our order too', (file) => {
  const [name, ranks, chunks, microbatches] = file.replace('.csv', '').split('-')
  const theirs = parseActionCsv(readFileSync(join(folder, file), 'utf8'), file)
  const shape = { ranks: Number(ranks), chunks: Number(chunks), microbatches: Number(microbatches) }
  const ours = pipelineSchedule(name, shape)
  expect(formatActionCsv(ours)).toBe(formatActionCsv(theirs))
  expect([...ours.stageRank]).toEqual([...theirs.stageRank])
  const ticks = { forward: 3, input: 4, weight: 2, pair: 8 }
  expect(playSchedule(ours, ticks)).toEqual(playSchedule(theirs, ticks))
})
