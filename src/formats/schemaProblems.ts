import type { z } from 'zod'
import { didYouMean, type Problems } from '../errors/index.js'
import { expectation } from './expectation.js'
import { shown } from './fields.js'
import { inParts, type Part } from './longLists.js'

/** Parses `value` with a schema; on failure adds one E105 a wrong field, with pointer, expectation and what stood there, and returns undefined. */
export function parseInto<T extends z.ZodType>(
  schema: T,
  value: unknown,
  where: string,
  problems: Problems,
): z.infer<T> | undefined {
  for (const part of inParts(value)) {
    const result = schema.safeParse(part.value)
    if (result.success) continue
    report(result.error.issues.flatMap(flatten), part, where, problems)
    return undefined
  }
  return schema.parse(value)
}

function report(issues: readonly Issue[], part: Part, where: string, problems: Problems): void {
  for (const { path, expected, values } of issues) {
    const original = part.originalPath(path)
    const pointer = original.map((step) => `/${String(step)}`).join('')
    const value = valueAt(part.value, path)
    const fix = fixOf(String(original.at(-1)), value, values)
    problems.add('E105', `${pointer || 'the document'} is wrong`, {
      where: pointerIn(where, pointer),
      expected,
      found: shown(value),
      ...(fix && { fix }),
    })
  }
}

/** `where` may lie inside a document already. */
function pointerIn(where: string, pointer: string): string {
  return where.includes('#/') ? `${where}${pointer}` : `${where}#${pointer}`
}

function fixOf(key: string, value: unknown, values: readonly string[]): string {
  if (typeof value === 'string' && values.length > 0) return didYouMean(value, values)
  if (typeof value !== 'number') return ''
  if (key.endsWith('BytesPerSecond') || key === 'bytesPerSecond') return 'bytes a second, in full: 400 Gbit/s is 50e9'
  return key === 'latencySeconds' ? 'seconds, in full: 5 microseconds is 5e-6' : ''
}

/**
 * Pointers of the keys that a schema does not know: `parsed` lacks them, for zod drops what it does not know.
 * Both must have the same layout, so schemas that rename are out.
 */
export function unknownKeys(value: unknown, parsed: unknown, pointer = ''): string[] {
  if (typeof value !== 'object' || value === null || typeof parsed !== 'object' || parsed === null) return []
  return Object.entries(value).flatMap(([key, inner]) => {
    const at = `${pointer}/${key}`
    return Object.hasOwn(parsed, key) ? unknownKeys(inner, (parsed as Record<string, unknown>)[key], at) : [at]
  })
}

interface Issue {
  readonly path: readonly PropertyKey[]
  readonly expected: string
  /** What it may be, where these are few. */
  readonly values: readonly string[]
}

/**
 * A union says only "invalid": its best branch knows why, the one that failed deepest, and of those the one with the fewest complaints. Where all fail at
 * once, what each expects is said.
 */
function flatten(issue: z.core.$ZodIssue): Issue[] {
  if (issue.code === 'unrecognized_keys')
    return issue.keys.map((key) => ({ path: [...issue.path, key], expected: expectation(issue), values: [] }))
  if (issue.code !== 'invalid_union') return [plain(issue)]
  const branches = issue.errors.map((errors) => errors.flatMap(flatten))
  const depth = (branch: readonly Issue[]) => Math.max(-1, ...branch.map(({ path }) => path.length))
  const isBetter = (a: readonly Issue[], b: readonly Issue[]) =>
    depth(a) > depth(b) || (depth(a) === depth(b) && a.length < b.length)
  const best = branches.reduce((a, b) => (isBetter(b, a) ? b : a), [] as Issue[])
  if (best.length === 0 || depth(best) === 0)
    return [{ ...plain(issue), values: branches.flat().flatMap(({ values }) => values) }]
  return best.map((inner) => ({ ...inner, path: [...issue.path, ...inner.path] }))
}

function plain(issue: z.core.$ZodIssue): Issue {
  const values = issue.code === 'invalid_value' ? issue.values.filter((value) => typeof value === 'string') : []
  return { path: issue.path, expected: expectation(issue), values }
}

function valueAt(value: unknown, path: readonly PropertyKey[]): unknown {
  return path.reduce<unknown>((at, key) => (at as Record<PropertyKey, unknown> | null | undefined)?.[key], value)
}
