import { didYouMean, fail } from '../../errors/index.js'
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
  const kind = findKind(name)
  const { chunks } = kind
  const full = { ...shape, chunks: shape.chunks ?? ('exactly' in chunks ? chunks.exactly : chunks.usually) }
  for (const [what, count] of Object.entries(full))
    if (!Number.isSafeInteger(count) || count < 1)
      fail('E605', `${kind.name} cannot run with ${count} ${what}`, { expected: 'a whole number from 1 on' })
  const { ranks, microbatches } = full
  if (ranks * full.chunks * microbatches > mostUnits)
    fail('E605', `${ranks} x ${full.chunks} stages and ${microbatches} microbatches are too many`, {
      expected: `at most ${mostUnits} stages x microbatches`,
    })
  if ('exactly' in chunks && full.chunks !== chunks.exactly)
    fail('E605', `${kind.name} does not run with ${full.chunks} stages on each rank`, {
      expected: String(chunks.exactly),
      found: String(full.chunks),
    })
  const allowed = kind.refuses(full)
  if (allowed)
    fail('E605', `${kind.name} does not run with ${ranks} ranks and ${microbatches} microbatches`, {
      expected: allowed,
      found: `${ranks} ranks, ${full.chunks} stages on each, ${microbatches} microbatches`,
    })
  return kind.generate(full)
}

const plain = (name: string) => name.toLowerCase().replace(/[\s_-]/g, '')

function findKind(name: string): ScheduleKind {
  const wanted = plain(name)
  const found = kinds.find((kind) => [kind.name, ...kind.synonyms].some((each) => plain(each) === wanted))
  if (found) return found
  const near = didYouMean(
    name,
    kinds.flatMap((kind) => [kind.name, ...kind.synonyms]),
  )
  return fail('E604', `there is no pipeline schedule ${name}`, {
    expected: pipelineScheduleNames.join(', '),
    found: name,
    ...(near && { fix: near }),
  })
}
