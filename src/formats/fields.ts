import type { Problems } from '../errors/index.js'

/**
 * Checks of JSON fields that report E105 with a pointer and go on. The place is set once per entry with `enter` (and `enterPart` for a list inside
 * an entry) and written out only when something is wrong: these run a million times.
 */
export interface FieldChecker {
  enter(section: string, index?: number): void
  enterPart(section: string, index: number): void
  record(value: unknown, key?: string): Readonly<Record<string, unknown>> | undefined
  array(value: unknown, key?: string): readonly unknown[]
  string(value: unknown, key: string): void
  number(value: unknown, key: string): void
  optionalString(value: unknown, key: string): void
  optionalNumber(value: unknown, key: string): void
  /** A number from 0; other numbers are E204. NaN when it is none, so that callers need not ask. */
  quantity(value: unknown, key: string): number
  wrong(key: string | undefined, expected: string, found: unknown): void
  /** File and JSON pointer of the present entry, for problems that are not about a type. */
  at(key?: string): string
}

/** As in `checkDescription`: more is a mistake, not a model. */
const largestQuantity = 1e18

/** A file with so many mistakes is no file of this kind: reading on would only cost time and memory. */
const mostProblems = 10_000

/** A checker of one document that adds to `problems`. */
export function fieldChecker(where: string, problems: Problems): FieldChecker {
  let section = ''
  let index = -1
  let part = ''
  let partIndex = -1
  const pointer = (key: string | undefined) => {
    const steps = [section, index < 0 ? '' : index, part, partIndex < 0 ? '' : partIndex, key ?? '']
    return steps
      .filter((step) => step !== '')
      .map((step) => `/${step}`)
      .join('')
  }
  const at = (key?: string) => `${where}#${pointer(key)}`
  const wrong = (key: string | undefined, expected: string, found: unknown) => {
    problems.add('E105', `${pointer(key) || 'the document'} is wrong`, {
      where: at(key),
      expected,
      found: shown(found),
    })
    if (problems.count >= mostProblems) problems.throwIfAny()
  }
  return {
    wrong,
    at,
    quantity(value, key) {
      if (typeof value !== 'number') {
        wrong(key, 'a number', value)
        return Number.NaN
      }
      if (value >= 0 && value <= largestQuantity) return value
      problems.add('E204', `${key} is ${value}`, {
        where: at(key),
        expected: `a number from 0 to ${largestQuantity}`,
        found: String(value),
      })
      return Number.NaN
    },
    enter(name, k = -1) {
      section = name
      index = k
      part = ''
      partIndex = -1
    },
    enterPart(name, k) {
      part = name
      partIndex = k
    },
    record(value, key) {
      if (typeof value === 'object' && value !== null && !Array.isArray(value)) return value as Record<string, unknown>
      wrong(key, 'an object', value)
      return undefined
    },
    array(value, key) {
      if (Array.isArray(value)) return value
      wrong(key, 'a list', value)
      return []
    },
    string(value, key) {
      if (typeof value !== 'string') wrong(key, 'a string', value)
    },
    number(value, key) {
      if (typeof value !== 'number') wrong(key, 'a number', value)
    },
    optionalString(value, key) {
      if (value !== undefined && typeof value !== 'string') wrong(key, 'a string', value)
    },
    optionalNumber(value, key) {
      if (value !== undefined && typeof value !== 'number') wrong(key, 'a number', value)
    },
  }
}

/** A value as an error shows it: the beginning of its JSON. */
export function shown(value: unknown): string {
  if (value === undefined) return 'nothing'
  const text = brief(value, 3)
  return text.length > 60 ? `${text.slice(0, 57)}...` : text
}

/** The beginning of a value's JSON; files may nest deeper than JSON.stringify can follow. */
function brief(value: unknown, depth: number): string {
  if (typeof value === 'string') return JSON.stringify(value.slice(0, 60))
  if (typeof value !== 'object' || value === null) return JSON.stringify(value)
  if (depth === 0) return Array.isArray(value) ? '[...]' : '{...}'
  if (Array.isArray(value)) return `[${value.slice(0, 30).map((each) => brief(each, depth - 1))}]`
  const keys = Object.keys(value).slice(0, 30)
  return `{${keys.map((key) => `${brief(key, 0)}:${brief((value as Record<string, unknown>)[key], depth - 1)}`)}}`
}
