import { canonicalJson, hashOf, type RunPlan, runDecisions } from '../plan/index.js'
import type { RunPrediction } from '../simulate/index.js'
import { type ReadyRun, readyRun } from './readyRun.js'
import { predictReady, type RunTables } from './simulateRun.js'
import { toolVersion } from './toolVersion.js'

/** The plan of a training run whose degrees are given: what its ranks do, and what is expected of it. The run itself stands in the plan's options. */
export function planRun(document: Readonly<Record<string, unknown>>, where: string, tables: RunTables): RunPlan {
  const ready = readyRun(document, where, tables)
  const { prepared } = ready
  const decisions = runDecisions(
    { ...prepared.run, sharing: prepared.sharing },
    prepared.program,
    prepared.stages,
    prepared.microbatches,
  )
  return {
    kind: 'stowage.plan',
    schemaVersion: '1.0',
    name: prepared.run.model.name,
    provenance: { tool: `stowage ${toolVersion}`, inputs: inputsOf(ready, document) },
    decisions,
    prediction: planPrediction(ready, predictReady(ready)),
    explanation: { placer: 'given', binding: [], alternatives: [], assumed: [...ready.assumed] },
    planHash: hashOf(decisions),
  }
}

/** Identities by content: what the run is, not what its files are called. */
function inputsOf({ prepared, calibration }: ReadyRun, document: Readonly<Record<string, unknown>>) {
  const { run, cluster, stack } = prepared
  const { sheet, ...shape } = cluster
  const { name, ...fitted } = calibration
  return {
    model: { name: run.model.name, sha256: hashOf(run.model) },
    cluster: { name: clusterName(document.cluster), sha256: hashOf({ ...shape, kind: sheet.kind.name }) },
    calibration: { name, sha256: hashOf({ fitted, habits: stack.habits, sheet }) },
    options: { strategy: 'parallel', run: recorded(document) },
  }
}

function clusterName(cluster: unknown): string {
  if (typeof cluster === 'string') return bareName(cluster)
  const { name, device, devices } = cluster as { name?: string; device?: string; devices?: number }
  return name ?? `${devices} x ${device}`
}

/** The run without what is not part of the request, and without folders: a plan is the same wherever it is made. */
function recorded(document: Readonly<Record<string, unknown>>): Readonly<Record<string, unknown>> {
  const { id: _, source: __, measured: ___, kind: ____, schemaVersion: _____, ...run } = document
  const plain = JSON.parse(canonicalJson(run)) as Record<string, unknown>
  for (const key of ['model', 'cluster']) if (typeof plain[key] === 'string') plain[key] = bareName(plain[key])
  return plain
}

const bareName = (path: string): string => path.split(/[\\/]/).pop()!

function planPrediction({ prepared }: ReadyRun, prediction: RunPrediction): RunPlan['prediction'] {
  const { stepSeconds, stepSecondsInterval, peakBytesByStage, fits, breakdown, mfu, price, changesConvergence } =
    prediction
  return {
    stepSeconds,
    stepSecondsInterval,
    peakBytes: peakBytesByStage,
    memoryLimitBytes: Math.floor(prepared.stack.habits.usableMemoryShare * prepared.cluster.memoryBytes),
    fits,
    breakdown,
    mfu,
    changesConvergence,
    ...(price && { price }),
  }
}
