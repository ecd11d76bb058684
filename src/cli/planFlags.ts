import { refuseFlag } from './applicable.js'
import { parallelFlags } from './parallelFlags.js'
import { placementFlags } from './placementFlags.js'
import { shardFlags } from './shardFlags.js'
import { trainingFlags } from './trainingFlags.js'

interface Kind {
  readonly of: string
  readonly flags: readonly string[]
  readonly fix?: string
}

/** What each kind of plan is asked with, beside what every command takes. */
const kinds = {
  placement: {
    of: 'a placement of ops',
    flags: [
      ...Object.keys(placementFlags),
      ...Object.keys(trainingFlags),
      ...['cluster', 'memory-limit', 'reserve', 'bind', 'format-in', 'profile'],
    ],
  },
  parallel: {
    of: 'the degrees of a training run',
    flags: [...Object.keys(parallelFlags), 'cluster', 'memory-limit', 'optimizer'],
  },
  fsdp: { of: 'a layout of shards', flags: [...Object.keys(shardFlags), 'cluster', 'bind', 'format-in'] },
  run: { of: 'a training run', flags: ['calibration', 'format-in'], fix: "state it in the run's file" },
  batch: { of: 'a batch of requests', flags: [], fix: "state it in the request's options" },
} as const satisfies Readonly<Record<string, Kind>>

const everywhere = ['strategy', 'json', 'format', 'output-file', 'quiet', 'no-color']

/** Throws E100 for a flag that was given and says nothing of this kind of plan: it would be passed over in silence. */
export function refuseStray(given: readonly string[], kind: keyof typeof kinds): void {
  const { of, flags, fix }: Kind = kinds[kind]
  const stray = given.find((name) => !everywhere.includes(name) && !flags.includes(name))
  if (stray !== undefined) refuseFlag(stray, of, fix)
}
