import type { z } from 'zod'
import { InternalError, Problems } from '../errors/index.js'
import { parseInto } from './schemaProblems.js'

/** Parses a small document with its schema; throws E105 with the JSON pointer of every field that is wrong. */
export function parseWith<T extends z.ZodType>(schema: T, value: unknown, where: string): z.infer<T> {
  const problems = new Problems()
  const parsed = parseInto(schema, value, where, problems)
  problems.throwIfAny()
  return parsed ?? throwNoIssue()
}

function throwNoIssue(): never {
  throw new InternalError('a schema refused a document without saying why')
}
