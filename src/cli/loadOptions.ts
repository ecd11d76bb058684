import type { LoadOptions } from '../verbs/loadGraph.js'
import { openSource } from './source.js'

/** --format-in and --profile, opened. */
export async function loadOptions(flags: {
  readonly 'format-in'?: string
  readonly profile?: string
}): Promise<LoadOptions> {
  const { 'format-in': formatIn, profile } = flags
  return { formatIn, profile: profile === undefined ? undefined : await openSource(profile) }
}
