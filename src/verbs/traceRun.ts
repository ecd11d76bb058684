import { stageSeconds } from '../cost/training/index.js'
import type { Trace, TraceSpan } from '../report/traceEvents.js'
import { actionLists } from '../schedule/pipeline/index.js'
import { wholeProgram } from '../simulate/run/everyRank.js'
import { costContext, folded, lowerRun, playRanks, workSeconds } from '../simulate/run/index.js'
import { kindOf, stageOf, ticksPerSecond, type Work, workOf } from '../simulate/run/workKinds.js'
import type { ReadyRun } from './readyRun.js'

/** Without a pipeline microbatches are alike: a trace draws no more of them than this. */
const mostDrawn = 1000

const threads = ['compute', 'communication', 'transfers']

/** One step of a run as bars: a process for each pipeline rank, which stands for its peers in the other axes. */
export function traceRun({ prepared, calibration }: ReadyRun): Trace {
  const microbatches = Math.min(prepared.microbatches, mostDrawn)
  const program = prepared.foldedMicrobatches > 0 ? wholeProgram(prepared, microbatches) : prepared.program
  const { coefficients } = calibration
  const stages = stageSeconds(costContext(prepared, coefficients), prepared.stages)
  const seconds = workSeconds(stages, coefficients)
  const ranks = folded(program)
  const graph = lowerRun(ranks)
  const played = playRanks(prepared, ranks, graph, seconds)
  return {
    processes: program.actions.map((_, rank) => ({ name: `pipeline rank ${rank}`, threads })),
    spans: spans(),
    about: {
      calibration: calibration.name,
      microbatches: prepared.microbatches,
      ...(microbatches < prepared.microbatches && { microbatchesDrawn: microbatches }),
    },
  }

  function* spans(): Generator<TraceSpan> {
    const lists = actionLists(program)
    const nextAction = lists.map(() => 0)
    const sent = new Map<number, number>()
    for (let task = 0; task < graph.taskCount; task++) {
      const kind = graph.kind[task]
      const [stage, work] = [stageOf(kind), workOf(kind)]
      const rank = program.stageRank[stage]
      const [start, end] = [played.start[task] / ticksPerSecond, played.end[task] / ticksPerSecond]
      const isAction = isCompute(work)
      // A rank's passes were added in the order of its list, its transfers in that of microbatches.
      const nth = isAction ? nextAction[rank]++ : (sent.get(kind) ?? firstOfCopy(stage))
      if (!isAction) sent.set(kind, nth + 1)
      const microbatch = isAction ? lists[rank][nth].microbatch : work.startsWith('send') ? nth : undefined
      const bar = (thread: number, name: string, from: number, to: number): TraceSpan => ({
        ...{ process: rank, thread, category: name, startSeconds: from, endSeconds: to },
        name: microbatch === undefined ? `${name} s${stage}` : `${name} s${stage} m${microbatch}`,
        args: { stage, ...(microbatch !== undefined && { microbatch }) },
      })
      const collective = collectiveOf[work]
      const own = collective ? Math.max(start, end - seconds[kindOf(stage, collective)]) : end
      yield bar(
        isAction || work === 'optimizer' || work === 'step' ? 0 : work.startsWith('send') ? 2 : 1,
        work,
        start,
        own,
      )
      if (collective) yield bar(1, collective, own, end)
    }
  }

  function firstOfCopy(stage: number): number {
    const copy = Math.floor(stage / (program.stages / program.copies))
    return (copy * program.microbatches) / program.copies
  }
}

const isCompute = (work: Work): boolean =>
  work === 'forward' || work === 'backward' || work === 'input-gradient' || work === 'weight-gradient'

/** Played at the end of the pass that waits for them. */
const collectiveOf: Readonly<Partial<Record<Work, Work>>> = {
  forward: 'forward-collective',
  backward: 'backward-collective',
  'input-gradient': 'backward-collective',
}
