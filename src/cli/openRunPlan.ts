import { formatOf } from '../formats/detect.js'
import { readJson } from '../formats/json.js'
import type { RunPlan } from '../plan/index.js'
import { planRun } from '../verbs/planRun.js'
import { shippedModel } from './models.js'
import { refuseStray } from './planFlags.js'
import { runTables } from './runTables.js'
import { openSource } from './source.js'

/** The plan of a training run, if that is what the input is. */
export async function openRunPlan(
  input: string,
  flags: { readonly 'format-in'?: string; readonly calibration?: string },
  given: readonly string[],
): Promise<RunPlan | undefined> {
  if (shippedModel(input)) return undefined
  const source = await openSource(input)
  if (formatOf(source, flags['format-in']) !== 'stowage.run') return undefined
  refuseStray(given, 'run')
  return planRun(readJson(source) as Readonly<Record<string, unknown>>, source.name, runTables(flags.calibration))
}
