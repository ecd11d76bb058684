import { z } from 'zod'
import { errorSchema } from './error.js'

const figure = z.object({
  value: z.number(),
  unit: z.enum(['seconds', 'bytes', 'share', 'price']),
  currency: z.string().optional(),
})
const change = z.object({
  percent: z.number().optional(),
  seconds: z.number().optional(),
  points: z.number().optional(),
  amount: z.number().optional(),
})
const identity = z.object({ name: z.string(), sha256: z.string() })
const valueChange = z.object({
  path: z.array(z.union([z.string(), z.number()])),
  base: z.unknown().optional(),
  head: z.unknown().optional(),
})
const status = z.enum(['ok', 'warn', 'fail', 'infeasible', 'incomparable'])

const verdict = z.object({
  budget: z.enum(['stepTime', 'headroom', 'exposedCommunication', 'bubble', 'mfu', 'unmodelled', 'price']),
  limit: z.enum(['max', 'min', 'maxIncrease', 'maxDecrease']),
  level: z.enum(['error', 'warn']),
  status: z.enum(['held', 'broken', 'unknown', 'skipped']).describe('unknown counts as broken; skipped: no base'),
  head: figure.optional(),
  base: figure.optional(),
  bound: z.union([z.number(), figure, change]),
  place: z.string().optional().describe('Device or pipeline rank that sets the figure'),
  message: z.string().optional(),
})

const plan = z.object({
  name: z.string(),
  status,
  base: z.enum(['compared', 'no base', 'new', 'infeasible in base']),
  verdicts: z.array(verdict),
  stepSeconds: z.object({ head: z.number(), base: z.number().optional() }).optional(),
  changes: z
    .object({
      same: z.boolean(),
      inputs: z.array(z.object({ input: z.string(), base: identity, head: identity })),
      options: z.array(valueChange),
      because: z.array(z.string()).describe('Inputs and decisions that differ, in words'),
      figures: z.array(
        z.object({
          figure: z.string(),
          unit: z.string(),
          better: z.enum(['less', 'more', 'neither']),
          base: z.number(),
          head: z.number(),
          difference: z.number(),
          percent: z.number().nullable(),
        }),
      ),
    })
    .optional()
    .describe('Absent: the same plan'),
  problems: z.array(errorSchema.shape.error),
})

/** What `stowage gate --json` prints. */
export const gateSchema = z.object({
  kind: z.literal('stowage.gate'),
  schemaVersion: z.string(),
  tool: z.string(),
  status: status.describe('Of the worst plan'),
  exitCode: z.union([z.literal(0), z.literal(1), z.literal(3), z.literal(4)]),
  base: z.object({ name: z.string(), commit: z.string().optional() }).optional(),
  plans: z.array(plan),
  removed: z.array(z.string()).describe('Plans that only the base has'),
  notes: z.array(z.string()),
})
