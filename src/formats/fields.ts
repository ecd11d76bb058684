import type { Problems } from '../errors/index.js'

/** Checks of JSON fields that report E105 with a pointer and go on. */
export interface FieldChecker {
  record(value: unknown, at: string): Readonly<Record<string, unknown>> | undefined
  array(value: unknown, at: string): readonly unknown[]
  string(value: unknown, at: string, key: string): void
  optionalString(value: unknown, at: string): void
  number(value: unknown, at: string, key: string): void
  optionalNumber(value: unknown, at: string, key: string): void
  wrong(at: string, expected: string, found: unknown): void
}

/** A checker that adds to `problems`. The pointer is put together only when something is wrong: these run a million times. */
export function checker(problems: Problems): FieldChecker {
  const wrong = (at: string, expected: string, found: unknown) =>
    problems.add('E105', `${at.slice(at.indexOf('#') + 1)} is wrong`, { where: at, expected, found: describe(found) })
  return {
    wrong,
    record(value, at) {
      if (typeof value === 'object' && value !== null && !Array.isArray(value)) return value as Record<string, unknown>
      wrong(at, 'an object', value)
      return undefined
    },
    array(value, at) {
      if (Array.isArray(value)) return value
      wrong(at, 'a list', value)
      return []
    },
    string(value, at, key) {
      if (typeof value !== 'string') wrong(`${at}/${key}`, 'a string', value)
    },
    optionalString(value, at) {
      if (value !== undefined && typeof value !== 'string') wrong(at, 'a string', value)
    },
    number(value, at, key) {
      if (typeof value !== 'number') wrong(`${at}/${key}`, 'a number', value)
    },
    optionalNumber(value, at, key) {
      if (value !== undefined && typeof value !== 'number') wrong(`${at}/${key}`, 'a number', value)
    },
  }
}

function describe(value: unknown): string {
  if (value === undefined) return 'nothing'
  const text = JSON.stringify(value)
  return text.length > 60 ? `${text.slice(0, 57)}...` : text
}
