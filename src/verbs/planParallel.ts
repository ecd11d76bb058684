import { type Calibration, matchStack, resolveCalibration } from '../cost/training/index.js'
import { fail } from '../errors/index.js'
import type { RunCluster } from '../hardware/index.js'
import type { TrainingRun } from '../model/index.js'
import { configurations, type SearchResult, type SearchSpace, search } from '../parallel/index.js'
import type { RunPlan } from '../plan/index.js'
import { boundRun, predictRun, prepareRun, type RunPrediction, shortPrograms } from '../simulate/index.js'
import { explainSearch, runLine } from './explainSearch.js'
import { planRun } from './planRun.js'
import type { RunTables } from './simulateRun.js'

export interface ParallelRequest {
  readonly space: SearchSpace
  readonly cluster: RunCluster
  /** Model and cluster as a run refers to them. */
  readonly references: { readonly model: unknown; readonly cluster: unknown }
  /** Absent: what the stack can fill of the devices' memory. */
  readonly memoryLimitBytes?: number
  readonly top: number
}

export interface ParallelAnswer {
  readonly plan: RunPlan
  readonly found: SearchResult<RunPrediction>
}

/** The plan of the shortest step of all configurations that fit, proved over the whole space; E301 with the nearest miss where none fits. */
export function planParallel(request: ParallelRequest, tables: RunTables): ParallelAnswer {
  const { space } = request
  const { found, limitBytes } = searchParallel(request, tables)
  if (found.best.length === 0) failInfeasible(request, found, limitBytes)
  const [{ run }] = found.best
  const plan = planRun(runDocument(request, run), space.model.name, tables)
  const { assumed } = plan.explanation!
  const { inputs } = plan.provenance
  const options = { ...inputs.options, search: searched(request) }
  const provenance = { ...plan.provenance, inputs: { ...inputs, options } }
  return { plan: { ...plan, provenance, explanation: { ...explainSearch(found, limitBytes), assumed } }, found }
}

/** What the search was free to choose: recorded, so that it can be asked again. */
function searched({ space, memoryLimitBytes }: ParallelRequest): RecordedSearch {
  const { pins, schedules, recomputations } = space
  return { pins, schedules, recomputations, ...(memoryLimitBytes !== undefined && { memoryLimitBytes }) }
}

export type RecordedSearch = Pick<SearchSpace, 'pins' | 'schedules' | 'recomputations'> &
  Pick<ParallelRequest, 'memoryLimitBytes'>

/** The search alone. */
export function searchParallel(
  { space, cluster, memoryLimitBytes, top }: Omit<ParallelRequest, 'references'>,
  tables: RunTables,
): { readonly found: SearchResult<RunPrediction>; readonly limitBytes: number; readonly calibration: Calibration } {
  const stack = matchStack(tables.stacks, space.stack)
  const { sheets } = tables.references.catalogue
  const ratesOf = (name: string) => sheets.get(name)?.kind
  const calibration = resolveCalibration(tables.calibrations, stack, cluster.sheet.kind, ratesOf)
  const limitBytes = memoryLimitBytes ?? stack.habits.usableMemoryShare * cluster.memoryBytes
  const programOf = shortPrograms()
  const predictors = {
    outlook: (run: TrainingRun) => boundRun(prepareRun(run, cluster, tables.stacks, programOf), calibration),
    predict: (run: TrainingRun) => predictRun(prepareRun(run, cluster, tables.stacks), calibration),
  }
  return { found: search(configurations(space), predictors, { limitBytes, top }), limitBytes, calibration }
}

/** A configuration as the run file that states it. */
export function runDocument({ space, references }: ParallelRequest, { recipe, sharing, stack, model }: TrainingRun) {
  const { degrees, schedule, virtualStages, sequenceParallel, zeroStage, fullyShard, offload } = sharing
  const { tensor: tp, pipeline: pp, data: dp, context: cp, expert: ep } = degrees
  return {
    kind: 'stowage.run',
    stack,
    ...references,
    training: { ...recipe, seq: model.seq },
    parallelism: {
      ...{ tp, pp, dp, cp, ...(space.model.experts > 0 && { ep }) },
      ...(pp > 1 && { schedule, virtualStages }),
      ...{ sequenceParallel, zeroStage, fsdp: fullyShard, ...(offload && { offload }) },
    },
  }
}

function failInfeasible({ space }: ParallelRequest, found: SearchResult<RunPrediction>, limitBytes: number): never {
  const gib = (bytes: number) => `${(bytes / 2 ** 30).toFixed(1)} GiB`
  const { nearest, configurations: count } = found
  if (!nearest)
    fail('E304', `no configuration of ${space.model.name} on ${space.devices} devices`, {
      expected: 'degrees that divide devices, heads, layers and the batch',
      found: JSON.stringify(space.pins),
      fix: 'drop a pin, or change the batch or the number of devices',
    })
  return fail('E301', `no plan fits in memory: ${count} configurations need more than ${gib(limitBytes)} a device`, {
    found: `closest: ${runLine(nearest.run)} needs ${gib(nearest.peakBytes)}, ${gib(nearest.peakBytes - limitBytes)} over`,
    fix: space.pins.offload ? 'take more devices' : 'take more devices, or --pin offload=true',
  })
}
