import { fail } from '../../errors/index.js'
import type { Sharing } from '../../model/index.js'
import {
  type PipelineSchedule,
  pipelineSchedule,
  refusal,
  type ScheduleKind,
  scheduleKind,
} from '../../schedule/pipeline/index.js'

export interface ChosenProgram {
  readonly program: PipelineSchedule
  /** What is played in place of what the run asks for, and why. */
  readonly assumed: readonly string[]
}

/**
 * The program that a run's pipeline ranks play: the schedule it names, else 1F1B, interleaved where a rank holds several stages. One that does not exist
 * for these ranks, layers and microbatches gives way to its nearest, for a run that was measured did run. Throws E604 for a name that nobody knows,
 * E605 where a program that the run states itself does not fit it.
 */
export function chooseProgram(sharing: Sharing, microbatches: number, layers: number): ChosenProgram {
  const { virtualStages = 1 } = sharing
  if (sharing.program) return { program: fitting(sharing.program, sharing, microbatches, layers), assumed: [] }
  const ranks = sharing.degrees.pipeline
  const named = scheduleKind(sharing.schedule ?? '1f1b').name
  // Without a pipeline one microbatch is as long as the next: two stand for all.
  if (ranks === 1)
    return { program: pipelineSchedule('none', { ranks, microbatches: Math.min(2, microbatches) }), assumed: [] }
  const wanted = (virtualStages > 1 && withSeveralStages[named]) || named
  const reasons = wanted === named || named === '1f1b' ? [] : [`a rank holds ${virtualStages} stages`]
  for (let name: string | undefined = wanted; name !== undefined; name = nearest[name]) {
    const kind = scheduleKind(name)
    const isUnsaid = sharing.virtualStages === undefined && 'usually' in kind.chunks
    const chunks = isUnsaid ? kind.chunks.usually : virtualStages
    const found = tryKind(kind, ranks, microbatches, chunks, layers)
    if (typeof found !== 'string')
      return {
        program: found,
        assumed: [
          ...reasons.map((each) => `schedule ${name} (${each})`),
          ...(isUnsaid ? [`virtualStages ${chunks} (usual of ${name})`] : []),
        ],
      }
    if (reasons.length === 0) reasons.push(found)
  }
  return fail('E605', `no schedule runs ${microbatches} microbatches on ${ranks} ranks`, { expected: reasons[0] })
}

/** A stated program, if it is one for these ranks, microbatches and layers. */
function fitting(
  program: PipelineSchedule,
  { degrees }: Sharing,
  microbatches: number,
  layers: number,
): PipelineSchedule {
  const ofModel = program.stages / program.copies
  const checks: readonly (readonly [what: string, expected: number, found: number])[] = [
    ['ranks', degrees.pipeline, program.ranks],
    ['microbatches', microbatches, program.microbatches],
  ]
  for (const [what, expected, found] of checks)
    if (expected !== found)
      fail('E605', `the actions are of ${found} ${what}, the run has ${expected}`, {
        where: 'parallelism/schedule/actions',
        expected: `${expected} ${what}`,
        found: String(found),
        fix:
          what === 'ranks'
            ? `write a list for each of ${expected} ranks, or take pp ${found}`
            : `write actions of ${expected} microbatches, or change globalBatch, microbatch or dp`,
      })
  if (ofModel > program.ranks && layers < ofModel - 2)
    fail('E605', `the actions are of ${ofModel} stages, the model has ${layers} layers`, {
      where: 'parallelism/schedule/actions',
      expected: `at most ${layers + 2} stages: embedding and head may stand alone`,
    })
  return program
}

const withSeveralStages: Readonly<Record<string, string>> = {
  gpipe: 'looped-bfs',
  '1f1b': 'interleaved-1f1b',
  'zb-h1': 'interleaved-zero-bubble',
  'zb-h2': 'interleaved-zero-bubble',
}

const nearest: Readonly<Record<string, string>> = {
  none: '1f1b',
  'interleaved-1f1b': '1f1b',
  'looped-bfs': 'gpipe',
  'interleaved-zero-bubble': 'zb-h1',
  'zb-v': 'zb-h1',
  dualpipe: 'dualpipe-v',
  'dualpipe-v': 'zb-v',
}

/** The program, or why there is none. */
function tryKind(
  kind: ScheduleKind,
  ranks: number,
  microbatches: number,
  virtualStages: number,
  layers: number,
): PipelineSchedule | string {
  const { name } = kind
  if ('usually' in kind.chunks && virtualStages === 1) return `${name} needs virtualStages above 1`
  const chunks = 'exactly' in kind.chunks ? kind.chunks.exactly : virtualStages
  const shape = { ranks, chunks, microbatches }
  const problem = refusal(kind, shape)
  if (problem) return `${name} needs ${problem.expected}`
  const program = kind.generate(shape)
  const ofModel = program.stages / program.copies
  // Embedding and head may stand alone; any other stage needs a layer.
  return ofModel > ranks && layers < ofModel - 2 ? `${name} needs a layer for each of ${ofModel} stages` : program
}
