import type { z } from 'zod'
import type { Problems } from '../errors/index.js'
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
  for (const { path, message } of issues) {
    const pointer = part
      .originalPath(path)
      .map((step) => `/${String(step)}`)
      .join('')
    problems.add('E105', `${pointer || 'the document'} is wrong`, {
      where: `${where}#${pointer}`,
      expected: message,
      found: shown(valueAt(part.value, path)),
    })
  }
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
  readonly message: string
}

/** A union says only "invalid": its best branch, the one that failed deepest, knows why. */
function flatten(issue: z.core.$ZodIssue): Issue[] {
  if (issue.code !== 'invalid_union') return [issue]
  const branches = issue.errors.map((errors) => errors.flatMap(flatten))
  const depth = (branch: readonly Issue[]) => Math.max(-1, ...branch.map(({ path }) => path.length))
  const best = branches.reduce((a, b) => (depth(b) > depth(a) ? b : a), [] as Issue[])
  if (best.length === 0 || depth(best) === 0) return [issue]
  return best.map(({ path, message }) => ({ path: [...issue.path, ...path], message }))
}

function valueAt(value: unknown, path: readonly PropertyKey[]): unknown {
  return path.reduce<unknown>((at, key) => (at as Record<PropertyKey, unknown> | null | undefined)?.[key], value)
}
