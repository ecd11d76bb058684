import type { TrainingRun } from '../model/index.js'
import type { SearchResult } from '../parallel/index.js'
import type { Explanation } from '../plan/index.js'
import type { RunPrediction } from '../simulate/index.js'

/** Why the first of what was found is the plan: proof, runners-up with what they lose by, and what the memory limit costs. */
export function explainSearch(found: SearchResult<RunPrediction>, limitBytes: number): Explanation {
  const { best, configurations, overMemory, played, kept } = found
  const [first, ...others] = best
  const gib = (bytes: number) => `${(bytes / 2 ** 30).toFixed(1)} GiB`
  const share = (seconds: number) => (100 * (seconds / first.prediction.stepSeconds - 1)).toFixed(1)
  return {
    placer: 'parallel',
    binding: kept
      ? [
          `memory: ${runLine(kept.run)} needs ${gib(kept.peakBytes)} of ${gib(limitBytes)} and would take ${kept.boundSeconds.toPrecision(4)} s or more (${share(kept.boundSeconds)} %)`,
        ]
      : [],
    alternatives: others.map(({ run, prediction }) => ({
      name: runLine(run),
      stepSeconds: prediction.stepSeconds,
      lostBy: prediction.stepSeconds / first.prediction.stepSeconds - 1,
    })),
    proof: `best of ${configurations} configurations: ${overMemory} do not fit, ${played} were played, the bounds of the others are above`,
  }
}

/** tp 8 x pp 4 x dp 2 · 1f1b · microbatch 1 · ZeRO 1 · recompute none. */
export function runLine({ sharing, recipe, model }: TrainingRun): string {
  const { degrees, schedule, virtualStages = 1, zeroStage, fullyShard } = sharing
  const axes = [
    ['tp', degrees.tensor],
    ['pp', degrees.pipeline],
    ['cp', degrees.context],
    ['dp', degrees.data],
    ['ep', model.experts > 0 ? degrees.expert : 1],
  ] as const
  const degreesText = axes.flatMap(([axis, degree]) => (degree > 1 ? [`${axis} ${degree}`] : [])).join(' x ')
  return [
    degreesText || '1 device',
    ...(degrees.pipeline > 1 ? [virtualStages > 1 ? `${schedule} x ${virtualStages}` : schedule] : []),
    `microbatch ${recipe.microbatch}`,
    ...(fullyShard ? ['FSDP'] : zeroStage ? [`ZeRO ${zeroStage}`] : []),
    `recompute ${recipe.recompute}`,
  ].join(' · ')
}
