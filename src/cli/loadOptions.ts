import type { LoadOptions } from '../verbs/loadGraph.js'
import { openSource } from './source.js'
import { parseTraining, type TrainingFlags } from './trainingFlags.js'

/** --format-in, --profile and the flags of training, opened. */
export async function loadOptions(
  flags: TrainingFlags & { readonly 'format-in'?: string; readonly profile?: string },
): Promise<LoadOptions> {
  const { 'format-in': formatIn, profile } = flags
  return {
    formatIn,
    profile: profile === undefined ? undefined : await openSource(profile),
    training: parseTraining(flags),
  }
}
