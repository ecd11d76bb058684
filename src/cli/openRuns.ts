import { formatOf } from '../formats/detect.js'
import { readJson } from '../formats/json.js'
import type { Trace } from '../report/traceEvents.js'
import { readyRun } from '../verbs/readyRun.js'
import { type BatchAnswer, simulateLine } from '../verbs/simulateBatch.js'
import { type SimulatedRun, simulateRun } from '../verbs/simulateRun.js'
import { traceRun } from '../verbs/traceRun.js'
import { graphFlags, refuseFlags } from './applicable.js'
import { linesOf } from './jsonLines.js'
import { runTables } from './runTables.js'
import { openSource } from './source.js'

export type OpenedRuns =
  | { readonly prediction: SimulatedRun; readonly trace: () => Trace; readonly lines?: undefined }
  | { readonly lines: Iterable<BatchAnswer> }

/** A training run or a batch of them, if that is what the input is. */
export async function openRuns(
  input: string,
  flags: Readonly<Record<string, unknown>> & { readonly calibration?: string; readonly 'format-in'?: string },
): Promise<OpenedRuns | undefined> {
  const source = await openSource(input)
  // A batch may state its kind on each line, which looks like one document until the second.
  const isBatch = /\.jsonl(\.gz)?$/i.test(input)
  const format = isBatch ? 'json-lines' : formatOf(source, flags['format-in'])
  if (format === 'stowage.run') {
    refuseFlags(flags, graphFlags, 'a training run')
    const [value, tables] = [readJson(source), runTables(flags.calibration)]
    return {
      prediction: simulateRun(value, source.name, tables),
      trace: () => traceRun(readyRun(value, source.name, tables)),
    }
  }
  if (format !== 'json-lines') {
    refuseFlags(flags, ['calibration'], `a ${format}`)
    return undefined
  }
  refuseFlags(flags, [...graphFlags, 'trace'], 'a batch of runs')
  const tables = runTables(flags.calibration)
  return { lines: answers() }

  function* answers(): Generator<BatchAnswer> {
    for (const { text, number } of linesOf(source)) yield simulateLine(text, number, source.name, tables)
  }
}
