import { formatOf } from '../formats/detect.js'
import { readJson } from '../formats/json.js'
import { type BatchAnswer, simulateLine } from '../verbs/simulateBatch.js'
import { type SimulatedRun, simulateRun } from '../verbs/simulateRun.js'
import { linesOf } from './jsonLines.js'
import { runTables } from './runTables.js'
import { openSource } from './source.js'

export type OpenedRuns =
  | { readonly prediction: SimulatedRun; readonly lines?: undefined }
  | { readonly lines: Iterable<BatchAnswer> }

/** A training run or a batch of them, if that is what the input is. */
export async function openRuns(
  input: string,
  flags: { readonly calibration?: string; readonly 'format-in'?: string },
): Promise<OpenedRuns | undefined> {
  const source = await openSource(input)
  // A batch may state its kind on each line, which looks like one document until the second.
  const isBatch = /\.jsonl(\.gz)?$/i.test(input)
  const format = isBatch ? 'json-lines' : formatOf(source, flags['format-in'])
  if (format === 'stowage.run')
    return { prediction: simulateRun(readJson(source), source.name, runTables(flags.calibration)) }
  if (format !== 'json-lines') return undefined
  const tables = runTables(flags.calibration)
  return { lines: answers() }

  function* answers(): Generator<BatchAnswer> {
    for (const { text, number } of linesOf(source)) yield simulateLine(text, number, source.name, tables)
  }
}
