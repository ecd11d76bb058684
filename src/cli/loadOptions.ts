import type { LoadOptions } from '../verbs/loadGraph.js'
import { openSource } from './source.js'
import { parseTraining, type TrainingFlags } from './trainingFlags.js'

/** --format-in, --profile, --coarsen and the flags of training, opened. */
export async function loadOptions(
  flags: TrainingFlags & {
    readonly 'format-in'?: string
    readonly profile?: string
    readonly coarsen?: LoadOptions['coarsenBy']
  },
): Promise<LoadOptions> {
  const { 'format-in': formatIn, profile, coarsen: coarsenBy } = flags
  return {
    formatIn,
    profile: profile === undefined ? undefined : await openSource(profile),
    training: parseTraining(flags),
    coarsenBy,
  }
}
