import { type Calibration, stageSeconds } from '../../cost/training/index.js'
import { fullestMoments } from '../../schedule/pipeline/index.js'
import { costContext } from './predictRun.js'
import type { PreparedRun } from './prepareRun.js'
import { rankShapes } from './rankShapes.js'
import { rankMemories } from './runMemory.js'
import { kindOf, ticksPerSecond, type Work, workSeconds } from './workKinds.js'
import { workTicks } from './workTicks.js'

export interface RunOutlook {
  /** The step is not shorter. Worked out when asked for: most runs of a search do not fit. */
  readonly boundSeconds: () => number
  /** What the fullest rank holds, as `predictRun` says. */
  readonly peakBytes: number
}

/**
 * What a run takes at least and holds, without its program being played; the program may be one of fewer microbatches, if it holds as much. A rank begins once a
 * microbatch has come through the stages before its first; then it works on all its passes; and where its program ends with that stage's backward, the
 * stages before it still have theirs to do. In 1F1B of equal stages this is the step itself.
 */
export function boundRun(prepared: PreparedRun, { coefficients, memory }: Calibration): RunOutlook {
  const context = costContext(prepared, coefficients)
  const memoryOf = rankMemories(context, memory)
  const held = fullestMoments(prepared.program).map(
    ({ stages, moments }) =>
      memoryOf(
        stages.map((stage) => prepared.stages[stage]),
        moments,
      ).peakBytes,
  )
  return {
    boundSeconds: () => {
      const costs = stageSeconds(context, prepared.stages)
      const ticks = workTicks(workSeconds(costs, coefficients), prepared.stages.length, 'in-pass')
      return boundTicks(prepared, (stage, work) => ticks[kindOf(stage, work)]) / ticksPerSecond
    },
    peakBytes: Math.max(...held),
  }
}

type TicksOf = (stage: number, work: Work) => number

function boundTicks({ program, stages, microbatches, isInterleavedUnsaid }: PreparedRun, of: TicksOf): number {
  const pass = (stage: number) => of(stage, 'forward') + of(stage, 'backward')
  // Where less of the bubble is met than the program shows, only the work of the longest stage is certain.
  if (isInterleavedUnsaid) return microbatches * Math.max(...stages.map((_, stage) => pass(stage)))
  const share = microbatches / program.copies
  const { ranks, isSplit } = rankShapes(program)
  const split = (stage: number) => of(stage, 'input-gradient') + of(stage, 'weight-gradient')
  const way = waysThrough(stages.length / program.copies, program.stageRank, of, isSplit)
  let passes = 0
  let updates = 0
  for (const { own, first, endsWithFirst } of ranks) {
    let [work, exposed, optimizer] = [0, 0, 0]
    for (const stage of own) {
      work += of(stage, 'forward') + (isSplit ? Math.min(of(stage, 'backward'), split(stage)) : of(stage, 'backward'))
      exposed += of(stage, 'exposed-exchange')
      optimizer += of(stage, 'optimizer')
    }
    const after = endsWithFirst ? way.back[first] : 0
    passes = Math.max(passes, way.there[first] + share * work + Math.max(exposed, after))
    updates = Math.max(updates, optimizer + of(own.at(-1)!, 'parameter-gather'))
  }
  return passes + updates + of(0, 'step')
}

/** How long a microbatch takes from the first stage of the model to each, and its gradient back from there. */
function waysThrough(perCopy: number, stageRank: Int32Array, of: TicksOf, isSplit: boolean) {
  const there = new Float64Array(perCopy)
  const back = new Float64Array(perCopy)
  for (let stage = 1; stage < perCopy; stage++) {
    const hops = stageRank[stage - 1] !== stageRank[stage] ? 1 : 0
    there[stage] = there[stage - 1] + of(stage - 1, 'forward') + hops * of(stage - 1, 'send-forward')
    const backward = isSplit
      ? Math.min(of(stage - 1, 'backward'), of(stage - 1, 'input-gradient'))
      : of(stage - 1, 'backward')
    back[stage] = back[stage - 1] + backward + hops * of(stage, 'send-backward')
  }
  return { there, back }
}
