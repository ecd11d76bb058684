import { fail } from '../errors/index.js'
import { readJson } from '../formats/json.js'
import { readAnyPlan } from '../formats/plan.js'
import { isRunPlan, type PlanExplanation } from '../plan/index.js'
import { explainPlan } from '../verbs/explainPlan.js'
import { whyNot } from '../verbs/whyNot.js'
import { parsePins } from './openParallel.js'
import { plannedRun } from './plannedRun.js'
import { runTables } from './runTables.js'
import { openSource } from './source.js'

export interface ExplainFlags {
  readonly 'why-not'?: readonly string[]
  readonly model?: string
  readonly calibration?: string
}

/** Why a plan is what it is; with --why-not what its run would be otherwise. */
export async function openExplanation(input: string, flags: ExplainFlags): Promise<PlanExplanation> {
  const source = await openSource(input)
  const plan = readAnyPlan(readJson(source), source.name)
  const asked = flags['why-not']
  if (!asked) return explainPlan(plan)
  if (!isRunPlan(plan))
    fail('E100', '--why-not asks of plans of training runs', {
      where: '--why-not',
      fix: 'plan again with another --placer, and compare with stowage diff',
    })
  const run = plannedRun(plan, input, flags.model)
  return explainPlan(plan, whyNot(plan, run, parsePins(asked, '--why-not'), source.name, runTables(flags.calibration)))
}
