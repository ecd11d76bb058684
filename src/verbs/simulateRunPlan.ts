import { Problems } from '../errors/index.js'
import { hashOf, type RunPlan } from '../plan/index.js'
import { planRun } from './planRun.js'
import { type RunTables, type SimulatedRun, simulateRun } from './simulateRun.js'

/** What is expected of a plan's run today. E401 where model, cluster or decisions are not those the plan was made with. */
export function simulateRunPlan(
  plan: RunPlan,
  run: Readonly<Record<string, unknown>>,
  where: string,
  tables: RunTables,
  options: { readonly unfold?: boolean } = {},
): SimulatedRun {
  refuseStale(plan, planRun(run, where, tables), where)
  return simulateRun(run, where, tables, options)
}

function refuseStale(planned: RunPlan, now: RunPlan, where: string): void {
  const problems = new Problems()
  for (const what of ['model', 'cluster'] as const) {
    const [was, is] = [planned, now].map(({ provenance }) => provenance.inputs[what].sha256)
    if (was !== is)
      problems.add('E401', `the ${what} is not the one the plan was made for`, {
        where: `${where}#/provenance/inputs/${what}`,
        expected: `${planned.provenance.inputs[what].name}, sha256 ${was.slice(0, 12)}...`,
        found: `sha256 ${is.slice(0, 12)}...`,
        fix: 'plan again, or give the input the plan was made for',
      })
  }
  problems.throwIfAny()
  if (hashOf(planned.decisions) !== now.planHash)
    problems.add('E401', 'the decisions are not those of the run that the plan names', {
      where: `${where}#/decisions`,
      fix: 'change the run and plan again; decisions edited by hand cannot be predicted',
    })
  problems.throwIfAny()
}
