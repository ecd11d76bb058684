import type { z } from 'zod'
import { Problems } from '../errors/index.js'

/** Parses a small document with its schema; throws E105 with the JSON pointer of every field that is wrong. */
export function parseWith<T extends z.ZodType>(schema: T, value: unknown, where: string): z.infer<T> {
  const result = schema.safeParse(value)
  if (result.success) return result.data
  const problems = new Problems()
  for (const issue of result.error.issues) {
    const pointer = issue.path.map((part) => `/${String(part)}`).join('')
    problems.add('E105', `${pointer || 'the document'} is wrong`, {
      where: `${where}#${pointer}`,
      found: issue.message,
    })
  }
  problems.throwIfAny()
  throw new Error('zod refused a document without an issue')
}
