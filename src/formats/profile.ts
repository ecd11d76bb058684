import type { Profile } from '../cost/index.js'
import { fail } from '../errors/index.js'
import { detectFormat } from './detect.js'
import { readText } from './json.js'
import { readKineto } from './kineto/index.js'
import { readProfileCsv } from './profileCsv.js'
import type { Source } from './source.js'

/** The file of --profile: a table of ops or a profiler's trace, as its content tells. */
export function readProfile(source: Source): Profile {
  const name = source.name.split(/[\\/]/).pop()!
  const format = detectFormat(source)
  if (format === 'kineto') return { name, trace: readKineto(source) }
  if (format === 'profile-csv') return { name, rows: readProfileCsv(readText(source), source.name) }
  return fail('E102', `${source.name} is a ${format}, not a profile`, {
    where: source.name,
    expected: 'a CSV with columns op, device kind, seconds, bytes, or a trace of torch.profiler',
    found: format,
  })
}
