import { z } from 'zod'
import { catalogue, type ErrorCode } from '../errors/index.js'

const problem = z.object({
  code: z.enum(Object.keys(catalogue) as [ErrorCode, ...ErrorCode[]]),
  message: z.string(),
  where: z.string().optional().describe('File and JSON pointer or line, op name, device number'),
  expected: z.string().optional(),
  found: z.string().optional(),
  fix: z.string().optional(),
})

/** What `--json` prints on failure; `error` is the first of `problems`. */
export const errorSchema = z.object({
  kind: z.literal('stowage.error'),
  schemaVersion: z.string(),
  error: problem,
  problems: z.array(problem).min(1),
})
