import { fail } from '../errors/index.js'
import { firstSyntaxError } from './jsonSyntax.js'
import type { Source } from './source.js'

/** V8 holds no longer string (2^29 - 24 characters). */
const longestText = 2 ** 29 - 24

/** The major version that this program writes and reads, of every format alike. */
const knownMajor = 1

/** Reads a whole JSON file, with line and column of a syntax error; refuses formats of ours that are newer than this program. */
export function readJson(source: Source): unknown {
  const value = parseJson(readText(source), source.name)
  refuseNewer(value, source.name)
  return value
}

/** A document that people write by hand: one of many megabytes is another file, or made to hurt. */
export function readSmallJson(source: Source): unknown {
  if (source.size <= largestSmall) return readJson(source)
  return fail('E107', `${source.name} is too large for what it says it is`, {
    where: source.name,
    expected: `at most ${largestSmall} bytes`,
    found: `${source.size}`,
  })
}

const largestSmall = 16 << 20

/** The whole file as text; for formats that are not JSON too. */
export function readText(source: Source): string {
  const { name, size } = source
  if (size > longestText) {
    fail('E107', `${name} is too large for a text file`, {
      where: name,
      expected: `at most ${longestText} bytes`,
      found: `${size}`,
    })
  }
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(source.read(0, size))
  } catch {
    fail('E104', `${name} is not UTF-8 text`, { where: name })
  }
}

/** `firstLine`: where the text begins, for a line out of a JSON Lines file. */
export function parseJson(text: string, name: string, firstLine = 1): unknown {
  refuseHollow(text, name)
  try {
    return JSON.parse(text)
  } catch {
    const { offset, expected } = firstSyntaxError(text)
    const before = text.slice(0, offset)
    const line = firstLine + before.split('\n').length - 1
    const column = offset - before.lastIndexOf('\n')
    const rest = text.slice(offset, offset + 20).split('\n')[0]
    const found = offset >= text.length ? 'the end of the file' : JSON.stringify(rest)
    fail('E104', `${name} is not valid JSON`, { where: `${name}:${line}:${column}`, expected, found })
  }
}

/**
 * Three bytes of "[]," become some sixty in memory, so a file of brackets takes twenty times its size. Documents of ours have
 * dozens of bytes for each; below some millions of brackets it does not matter.
 */
function refuseHollow(text: string, name: string): void {
  const most = mostBrackets + text.length / 8
  if (text.length / 2 <= most) return
  let brackets = 0
  for (let i = 0; i < text.length; i++) {
    const code = text.charCodeAt(i)
    if (code === openBrace || code === openBracket) brackets++
  }
  if (brackets <= most) return
  fail('E107', `${name} is little but brackets`, {
    where: name,
    expected: `at most ${Math.floor(most)} lists and objects in ${text.length} characters`,
    found: `${brackets}`,
  })
}

const mostBrackets = 1_000_000
const openBrace = 0x7b
const openBracket = 0x5b

function refuseNewer(value: unknown, name: string): void {
  const kind = (value as { kind?: unknown } | null)?.kind
  if (typeof kind === 'string' && kind.startsWith('stowage.')) refuseNewerVersion(value, name)
}

/** Throws E103 when the document states a major version above ours; for readers that know the kind already. */
export function refuseNewerVersion(value: unknown, name: string): void {
  const version = (value as { schemaVersion?: unknown } | null | undefined)?.schemaVersion
  if (typeof version !== 'string' || !(Number.parseInt(version, 10) > knownMajor)) return
  fail('E103', `${name} is of a newer format than this stowage reads`, {
    where: `${name}#/schemaVersion`,
    expected: `schemaVersion ${knownMajor}.x`,
    found: version,
    fix: 'update stowage',
  })
}
