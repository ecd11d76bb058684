import { parseJson, readText } from './json.js'
import type { Source } from './source.js'

/** What the head of a file shows. */
export interface Peek {
  readonly source: Source
  /** The head as text; nonsense for binary files. */
  readonly text: string
  /** One JSON value, a JSON value per line, or no JSON. */
  readonly json?: 'document' | 'lines'
  readonly kind?: string
  /** Keys of the outermost object, as far as they were read. */
  readonly keys: readonly string[]
  has(...keys: string[]): boolean
}

const headBytes = 64 * 1024

/** Reads the head of a file, and all of it only if it is a JSON object whose `kind` the head does not show (sorted keys put it behind long lists). */
export function peek(source: Source): Peek {
  const text = new TextDecoder().decode(source.read(0, headBytes))
  const make = (json: Peek['json'], kind: unknown, keys: readonly string[]): Peek => ({
    source,
    text,
    json,
    kind: typeof kind === 'string' ? kind : undefined,
    keys,
    has: (...wanted) => wanted.every((key) => keys.includes(key)),
  })
  const first = text.trimStart()[0]
  if (first === '[') return make('document', undefined, [])
  if (first !== '{') return make(undefined, undefined, [])

  const outer = outermostKeys(text)
  const kind = outer.values.get('kind')
  const keys = [...outer.values.keys()]
  if (outer.more || /\.(jsonl|ndjson)(\.gz)?$/.test(source.name)) return make('lines', kind, keys)
  // Traces reach gigabytes and have no kind; their events come after a short head.
  if (kind !== undefined || source.size <= headBytes || keys.includes('traceEvents'))
    return make('document', kind, keys)
  const whole = parseJson(readText(source), source.name) as { kind?: unknown }
  return make('document', whole.kind, Object.keys(whole))
}

/** Keys of the object that `text` begins with, their values where these are strings, and whether another object follows it. */
function outermostKeys(text: string): {
  readonly values: ReadonlyMap<string, string | undefined>
  readonly more: boolean
} {
  const values = new Map<string, string | undefined>()
  let depth = 0
  let key: string | undefined
  for (const [token, string, colon] of text.matchAll(/"((?:[^"\\]|\\.)*)"\s*(:?)|[{}[\]]/g)) {
    if (string !== undefined) {
      if (depth !== 1) continue
      if (colon) {
        key = string
        values.set(key, undefined)
      } else if (key !== undefined) values.set(key, string)
    } else if (token === '{' || token === '[') {
      if (depth++ === 0 && values.size) return { values, more: true }
    } else depth--
  }
  return { values, more: false }
}
