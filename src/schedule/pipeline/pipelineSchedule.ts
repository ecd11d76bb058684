import { didYouMean, fail, type Problem, UserError } from '../../errors/index.js'
import { dualPipe } from './dualPipe.js'
import { dualPipeV } from './dualPipeV.js'
import { gpipe } from './gpipe.js'
import { interleaved } from './interleaved.js'
import { interleavedZeroBubble } from './interleavedZeroBubble.js'
import { loopedBfs } from './loopedBfs.js'
import { none } from './none.js'
import { oneForwardOneBackward } from './oneForwardOneBackward.js'
import type { PipelineShape, ScheduleKind } from './shape.js'
import type { PipelineSchedule } from './types.js'
import { zbH1 } from './zbH1.js'
import { zbH2 } from './zbH2.js'
import { zbV } from './zbV.js'

/** Every schedule, one file each. */
const kinds: readonly ScheduleKind[] = [
  none,
  gpipe,
  oneForwardOneBackward,
  interleaved,
  loopedBfs,
  zbH1,
  zbH2,
  interleavedZeroBubble,
  zbV,
  dualPipe,
  dualPipeV,
]

/** The names that stowage writes. */
export const pipelineScheduleNames: readonly string[] = kinds.map(({ name }) => name)

/** More stages x microbatches than any cluster runs, and few enough for their actions to take less than 200 MB. */
const mostUnits = 1 << 24

/**
 * The schedule of that name, for so many ranks, stages on each, and microbatches. Throws E604 for an unknown name, E605 where the
 * schedule does not exist for that shape. Without `chunks`, as many stages on each rank as the schedule prescribes or is usual.
 */
export function pipelineSchedule(
  name: string,
  shape: Omit<PipelineShape, 'chunks'> & Partial<PipelineShape>,
): PipelineSchedule {
  const kind = scheduleKind(name)
  const { chunks } = kind
  const full = { ...shape, chunks: shape.chunks ?? ('exactly' in chunks ? chunks.exactly : chunks.usually) }
  const problem = refusal(kind, full)
  if (problem) throw new UserError([problem])
  return kind.generate(full)
}

/** Why a schedule does not exist for that shape; nothing where it does. */
export function refusal({ name, chunks, refuses }: ScheduleKind, shape: PipelineShape): Problem | undefined {
  for (const [what, count] of Object.entries(shape))
    if (!Number.isSafeInteger(count) || count < 1)
      return { code: 'E605', message: `${name} cannot run with ${count} ${what}`, expected: 'a whole number from 1 on' }
  const { ranks, microbatches } = shape
  if (ranks * shape.chunks * microbatches > mostUnits)
    return {
      code: 'E605',
      message: `${ranks} x ${shape.chunks} stages and ${microbatches} microbatches are too many`,
      expected: `at most ${mostUnits} stages x microbatches`,
    }
  if ('exactly' in chunks && shape.chunks !== chunks.exactly)
    return {
      code: 'E605',
      message: `${name} does not run with ${shape.chunks} stages on each rank`,
      expected: String(chunks.exactly),
      found: String(shape.chunks),
    }
  const expected = refuses(shape)
  if (expected === undefined) return undefined
  return {
    code: 'E605',
    message: `${name} does not run with ${ranks} ranks and ${microbatches} microbatches`,
    expected,
    found: `${ranks} ranks, ${shape.chunks} stages on each, ${microbatches} microbatches`,
  }
}

const plain = (name: string) => name.toLowerCase().replace(/[\s_-]/g, '')

/** What is known of a schedule by any of its names. Throws E604 for a name that nobody knows, with what it may have meant. */
export function scheduleKind(name: string, where?: string): ScheduleKind {
  const wanted = plain(name)
  const found = kinds.find((kind) => [kind.name, ...kind.synonyms].some((each) => plain(each) === wanted))
  if (found) return found
  const near = didYouMean(
    name,
    kinds.flatMap((kind) => [kind.name, ...kind.synonyms]),
  )
  return fail('E604', `there is no pipeline schedule ${name}`, {
    ...(where !== undefined && { where }),
    expected: pipelineScheduleNames.join(', '),
    found: name,
    ...(near && { fix: near }),
  })
}
