import { z } from 'zod'
import { parseQuantity, type Quantity } from './quantity.js'
import { runSchema } from './runSchema.js'

const placers = ['auto', 'etf', 'sct', 'heft', 'topo', 'optimal'] as const
const text = z.string().min(1)
const path = text.describe('Relative to this file')
const percent = z.number().min(0).describe('Of the base')

/** A quantity in one of the units, written with it. */
function quantity(example: string, ...units: Quantity['unit'][]) {
  return z
    .string()
    .refine((written) => units.includes(parseQuantity(written)?.unit as Quantity['unit']), `such as "${example}"`)
    .describe(`Such as ${example}`)
    .transform((written) => parseQuantity(written)!)
}

const seconds = z.number().min(0).optional().describe('Less than so many more seconds never fails')
const points = z.number().min(0).optional().describe('Less than so many percentage points never fails')
const longer = z.strictObject({ percent: percent.optional(), seconds }).optional()
const moved = z.strictObject({ percent: percent.optional(), points }).optional()
const dearer = z
  .strictObject({ percent: percent.optional(), amount: z.number().min(0).optional().describe('Of the currency') })
  .optional()
const message = z.string().max(1000).optional().describe('Said where the budget is broken')

function budget<Shape extends z.ZodRawShape>(limits: Shape) {
  return z
    .union([
      z.literal('off'),
      z.tuple([z.enum(['error', 'warn', 'off']), z.strictObject({ ...limits, message })], {
        error: 'a level and limits, such as ["error", { ... }], or "off"',
      }),
    ])
    .optional()
}

const stepPart = {
  max: quantity('200 ms', 'seconds', 'share').optional(),
  maxIncrease: longer,
}

/** By the name of what they hold down or up. */
export const budgetsSchema = z.strictObject({
  stepTime: budget({ max: quantity('2 s', 'seconds').optional(), maxIncrease: longer }),
  headroom: budget({ min: quantity('10%', 'share', 'bytes').optional(), maxDecrease: moved }),
  exposedCommunication: budget(stepPart),
  bubble: budget(stepPart),
  mfu: budget({ min: quantity('40%', 'share').optional(), maxDecrease: moved }),
  unmodelled: budget({ max: quantity('1%', 'share').optional(), maxIncrease: moved }),
  price: budget({
    max: z.number().min(0).optional().describe("Of one step, in the price's currency"),
    maxIncrease: dearer,
  }),
})

const memory = quantity('40 GiB', 'bytes').optional()

export const planEntrySchema = z.strictObject({
  name: z
    .string()
    .max(200)
    // biome-ignore lint/suspicious/noControlCharactersInRegex: names go into reports, line by line
    .regex(/^[^\s*\u0000-\u001f\u007f-\u009f][^\u0000-\u001f\u007f-\u009f]*$/, 'a name on one line, other than *'),
  model: path.optional().describe('A model file, or the name of a shipped model'),
  cluster: path.optional().describe('A cluster file, a preset or a count of presets'),
  plan: path.optional().describe('A committed stowage.plan, predicted again from its inputs'),
  training: runSchema.shape.training.optional().describe('Makes it a training run with the degrees of pin'),
  pin: runSchema.shape.parallelism.describe('Degrees of a training run'),
  stack: text.optional().describe('Framework and release of a training run'),
  placer: z.enum(placers).optional().describe('Of an operator graph; absent: that of the file, else etf'),
  effort: z.number().min(0).max(1000).optional().describe('Work of the placer auto'),
  memoryLimit: memory.describe('Most bytes a device may hold'),
  reserve: memory.describe('Bytes per device kept free'),
  bind: z.record(z.string(), z.int().min(1)).optional().describe('Sizes of symbolic dimensions'),
  profile: path.optional().describe('Measured seconds of ops'),
  formatIn: text.optional(),
  mode: z.enum(['inference', 'training']).optional().describe('What a step of an operator graph is'),
  optimizer: text.optional(),
  recompute: z.union([text, z.array(text)]).optional(),
  out: path.optional().describe('Where gate --write puts the plan'),
})

/** stowage.config.json: what `stowage gate` plans and holds it to. */
export const configSchema = z.strictObject({
  $schema: z.string().optional(),
  kind: z.literal('stowage.config').optional(),
  schemaVersion: z.string().optional(),
  base: text.optional().describe('What to compare with: git:REF or a plan file'),
  placer: z.enum(placers).optional().describe('Of operator graphs whose plan names none; absent: etf'),
  calibration: path.optional().describe('Calibrations of your own, for training runs'),
  plans: z.array(planEntrySchema).min(1).max(1000),
  budgets: z.record(z.string(), budgetsSchema).optional().describe('By the name of a plan; * for all'),
})

export type ConfigDocument = z.output<typeof configSchema>
export type PlanEntry = z.output<typeof planEntrySchema>
