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
  wrong(key: string | undefined, expected: string, found: unknown): void
}

/** A checker of one document that adds to `problems`. */
export function fieldChecker(where: string, problems: Problems): FieldChecker {
  let section = ''
  let index = -1
  let part = ''
  let partIndex = -1
  const wrong = (key: string | undefined, expected: string, found: unknown) => {
    const steps = [section, index < 0 ? '' : index, part, partIndex < 0 ? '' : partIndex, key ?? '']
    const pointer = steps.filter((step) => step !== '').map((step) => `/${step}`)
    problems.add('E105', `${pointer.join('') || 'the document'} is wrong`, {
      where: `${where}#${pointer.join('')}`,
      expected,
      found: describe(found),
    })
  }
  return {
    wrong,
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

function describe(value: unknown): string {
  if (value === undefined) return 'nothing'
  const text = JSON.stringify(value)
  return text.length > 60 ? `${text.slice(0, 57)}...` : text
}
