import { formatOf } from '../formats/detect.js'
import { readJson } from '../formats/json.js'
import { readAnyPlan } from '../formats/plan.js'
import { isRunPlan } from '../plan/index.js'
import type { Trace } from '../report/traceEvents.js'
import { readyRun } from '../verbs/readyRun.js'
import { type BatchAnswer, simulateLine } from '../verbs/simulateBatch.js'
import { type SimulatedRun, simulateRun } from '../verbs/simulateRun.js'
import { simulateRunPlan } from '../verbs/simulateRunPlan.js'
import { traceRun } from '../verbs/traceRun.js'
import { graphFlags, refuseFlags } from './applicable.js'
import { linesOf } from './jsonLines.js'
import { plannedRun } from './plannedRun.js'
import { runTables } from './runTables.js'
import { openSource } from './source.js'

export type OpenedRuns =
  | { readonly prediction: SimulatedRun; readonly trace: () => Trace; readonly lines?: undefined }
  | { readonly lines: Iterable<BatchAnswer> }

/** A training run or a batch of them, if that is what the input is. */
export async function openRuns(
  input: string,
  flags: Readonly<Record<string, unknown>> & {
    readonly calibration?: string
    readonly 'format-in'?: string
    readonly model?: string
    readonly unfold?: boolean
  },
): Promise<OpenedRuns | undefined> {
  const source = await openSource(input)
  const format = formatOf(source, flags['format-in'])
  if (format === 'stowage.run') {
    refuseFlags(flags, graphFlags, 'a training run')
    const [value, tables] = [readJson(source), runTables(flags.calibration)]
    return {
      prediction: simulateRun(value, source.name, tables, { unfold: flags.unfold }),
      trace: () => traceRun(readyRun(value, source.name, tables)),
    }
  }
  const plan = format === 'stowage.plan' ? readAnyPlan(readJson(source), source.name) : undefined
  if (plan && isRunPlan(plan)) {
    const ofRuns = graphFlags.filter((name) => name !== 'model')
    refuseFlags(flags, ofRuns, 'the plan of a training run')
    const [run, tables] = [plannedRun(plan, input, flags.model), runTables(flags.calibration)]
    return {
      prediction: simulateRunPlan(plan, run, source.name, tables, { unfold: flags.unfold }),
      trace: () => traceRun(readyRun(run, source.name, tables)),
    }
  }
  if (format !== 'json-lines') {
    refuseFlags(flags, ['calibration', 'unfold'], `a ${format}`)
    return undefined
  }
  refuseFlags(flags, [...graphFlags, 'trace', 'unfold'], 'a batch of runs')
  const tables = runTables(flags.calibration)
  return { lines: answers() }

  function* answers(): Generator<BatchAnswer> {
    for (const { text, number } of linesOf(source)) yield simulateLine(text, number, source.name, tables)
  }
}
