import type { TrainingRun } from '../model/index.js'

/** What is known of a configuration before it is played. Both are certain: the step is not shorter, the memory not less. */
export interface Outlook {
  readonly boundSeconds: () => number
  readonly peakBytes: number
}

/** What a search asks of whoever can predict. */
export interface Predictors<Prediction extends Outcome> {
  outlook(run: TrainingRun): Outlook
  predict(run: TrainingRun): Prediction
}

export interface Outcome {
  readonly stepSeconds: number
  readonly peakBytes: number
}

export interface Found<Prediction> {
  readonly run: TrainingRun
  readonly prediction: Prediction
}

export interface SearchResult<Prediction> {
  /** The best of the space, the best first. */
  readonly best: readonly Found<Prediction>[]
  readonly configurations: number
  readonly overMemory: number
  /** Played; the others cannot be among the best. */
  readonly played: number
  /** The configuration that needs least, where none fits. */
  readonly nearest?: { readonly run: TrainingRun; readonly peakBytes: number }
  /** Of the configurations that need at most half as much memory again, the one whose bound is least, where that is below the best: what the memory costs. */
  readonly kept?: { readonly run: TrainingRun; readonly boundSeconds: number; readonly peakBytes: number }
}

const withinReach = 1.5

/**
 * The `top` shortest steps of all configurations that fit, proved: configurations are played in the order of their bounds until no bound left is below the last of the
 * best. Equal steps keep the order of the space.
 */
export function search<Prediction extends Outcome>(
  space: Iterable<TrainingRun>,
  { outlook, predict }: Predictors<Prediction>,
  { limitBytes, top }: { readonly limitBytes: number; readonly top: number },
): SearchResult<Prediction> {
  const open: { readonly run: TrainingRun; readonly boundSeconds: number; readonly at: number }[] = []
  let configurations = 0
  let nearest: SearchResult<Prediction>['nearest']
  let kept: SearchResult<Prediction>['kept']
  for (const run of space) {
    const { boundSeconds, peakBytes } = outlook(run)
    if (peakBytes <= limitBytes) open.push({ run, boundSeconds: boundSeconds(), at: configurations })
    else if (peakBytes <= withinReach * limitBytes)
      kept = sooner(kept, { run, boundSeconds: boundSeconds(), peakBytes })
    if (peakBytes < (nearest?.peakBytes ?? Number.POSITIVE_INFINITY)) nearest = { run, peakBytes }
    configurations++
  }
  open.sort((a, b) => a.boundSeconds - b.boundSeconds || a.at - b.at)
  const best: (Found<Prediction> & { readonly at: number })[] = []
  let played = 0
  for (const { run, boundSeconds, at } of open) {
    if (best.length === top && boundSeconds > best[top - 1].prediction.stepSeconds) break
    const prediction = predict(run)
    played++
    best.push({ run, prediction, at })
    best.sort((a, b) => a.prediction.stepSeconds - b.prediction.stepSeconds || a.at - b.at)
    best.length = Math.min(best.length, top)
  }
  return {
    best: best.map(({ run, prediction }) => ({ run, prediction })),
    configurations,
    overMemory: configurations - open.length,
    played,
    ...(open.length === 0 && nearest && { nearest }),
    ...(kept && best.length > 0 && kept.boundSeconds < best[0].prediction.stepSeconds && { kept }),
  }
}

function sooner<T extends { readonly boundSeconds: number }>(before: T | undefined, now: T): T {
  return before && before.boundSeconds <= now.boundSeconds ? before : now
}
