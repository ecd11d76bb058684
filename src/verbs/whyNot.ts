import type { Pins, SearchSpace } from '../parallel/index.js'
import type { RunPlan, WhyNot } from '../plan/index.js'
import type { PreparedRun } from '../simulate/index.js'
import { runLine } from './explainSearch.js'
import { type RecordedSearch, searchParallel } from './planParallel.js'
import { readyRun } from './readyRun.js'
import type { RunTables } from './simulateRun.js'

/** Searches the configurations of a plan's run that keep to the pins: those that were pinned before, but for these. */
export function whyNot(
  plan: RunPlan,
  run: Readonly<Record<string, unknown>>,
  pins: Pins,
  where: string,
  tables: RunTables,
): WhyNot {
  const { prepared } = readyRun(run, where, tables)
  const { search = everything } = plan.provenance.inputs.options as { search?: RecordedSearch }
  const { memoryLimitBytes } = search
  const space = spaceOf(prepared, { ...search, pins: { ...search.pins, ...pins } })
  const { found, limitBytes } = searchParallel({ space, cluster: prepared.cluster, memoryLimitBytes, top: 1 }, tables)
  const [best] = found.best
  const { nearest } = found
  return {
    pins: { ...pins },
    configurations: found.configurations,
    ...(best && {
      best: {
        name: runLine(best.run),
        stepSeconds: best.prediction.stepSeconds,
        lostBy: best.prediction.stepSeconds / plan.prediction.stepSeconds - 1,
      },
    }),
    ...(nearest && { nearest: { name: runLine(nearest.run), peakBytes: nearest.peakBytes, limitBytes } }),
  }
}

/** Of a plan whose degrees were given. */
const everything: RecordedSearch = { pins: {}, schedules: ['1f1b'], recomputations: ['none', 'selective', 'full'] }

function spaceOf({ run, cluster }: PreparedRun, search: RecordedSearch): SearchSpace {
  const { globalBatch, precision, optimizer } = run.recipe
  const { devices, domainDevices } = cluster
  const { pins, schedules, recomputations } = search
  return {
    ...{ model: run.model, stack: run.stack, devices, domainDevices },
    ...{ globalBatch, precision, optimizer, pins, schedules, recomputations },
  }
}
