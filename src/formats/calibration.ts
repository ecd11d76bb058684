import { z } from 'zod'
import {
  type CalibrationEntry,
  type CoefficientName,
  coefficientNames,
  coefficientSpecs,
  type KnownStack,
  memoryCoefficientNames,
  memorySpecs,
  type SpreadName,
  type SpreadWeights,
  spreadNames,
  spreadSpecs,
} from '../cost/training/index.js'
import { refuseNewerVersion } from './json.js'
import { parseWith } from './parseWith.js'

const bounded = (names: readonly string[], specs: Readonly<Record<string, { bounds: readonly [number, number] }>>) =>
  z.strictObject(
    Object.fromEntries(
      names.map((name) => [name, z.number().min(specs[name].bounds[0]).max(specs[name].bounds[1]).optional()]),
    ),
  )

const weight = (name: SpreadName) => z.number().min(0).max(1000).describe(spreadSpecs[name].meaning)

const ratioInterval = z.tuple([z.number().positive(), z.number().positive()])

const entrySchema = z.object({
  stack: z.string().min(1),
  devices: z.array(z.string()),
  coefficients: bounded(coefficientNames, coefficientSpecs),
  memory: bounded(memoryCoefficientNames, memorySpecs).optional(),
  interval: ratioInterval.describe('measured / predicted of nine runs in ten that were not fitted'),
  pipelinedInterval: ratioInterval.optional().describe('The same of runs with a pipeline'),
  spread: z
    .strictObject(Object.fromEntries(spreadNames.map((name) => [name, weight(name)])))
    .optional()
    .describe('Weights of what makes a run hard to predict: its interval is the given one to the power of their sum'),
  anchors: z.array(z.string()).optional().describe('Rows that were fitted'),
  errors: z
    .object({ rows: z.int(), mean: z.number(), median: z.number(), p90: z.number() })
    .optional()
    .describe('|predicted / measured - 1| over all rows'),
})

/** What `stowage calibrate` writes and `--calibration` reads. */
export const calibrationSchema = z.object({
  kind: z.literal('stowage.calibration'),
  schemaVersion: z.string(),
  source: z.string().optional(),
  entries: z.array(entrySchema),
})

export type CalibrationDocument = z.output<typeof calibrationSchema>

/** A parsed stowage.calibration; E105 for unknown coefficients and values out of their bounds. */
export function readCalibration(value: unknown, where: string): readonly CalibrationEntry[] {
  refuseNewerVersion(value, where)
  const { entries } = parseWith(calibrationSchema, value, where)
  return entries.map(({ stack, devices, coefficients, memory, interval, pipelinedInterval, spread }) => ({
    stack,
    devices,
    coefficients: coefficients as Partial<Record<CoefficientName, number>>,
    ...(memory && { memory }),
    interval,
    ...(pipelinedInterval && { pipelinedInterval }),
    ...(spread && { spread: spread as SpreadWeights }),
  }))
}

const habits = {
  unfusedAttention: z.boolean(),
  gradientBytes: z.number(),
  scatteredTransfers: z.boolean(),
  stageLayout: z.enum(['even', 'parameter-walk']),
  interleavingUnknown: z.boolean(),
  sequenceParallelImplied: z.boolean(),
  congestedRegime: z.boolean(),
  stateLayout: z.string(),
  usableMemoryShare: z.number(),
}

const stacksSchema = z.object({
  kind: z.literal('stowage.stacks'),
  schemaVersion: z.string(),
  defaults: z.strictObject(habits),
  stacks: z.array(
    z
      .strictObject({
        name: z.string(),
        family: z.string(),
        keywords: z.array(z.string()),
        source: z.string(),
        ...habits,
      })
      .partial(Object.fromEntries(Object.keys(habits).map((key) => [key, true])) as Record<keyof typeof habits, true>),
  ),
})

/** The shipped habits of stacks (models/stacks). */
export function readStacks(value: unknown, where: string): readonly KnownStack[] {
  const { defaults, stacks } = parseWith(stacksSchema, value, where)
  return stacks.map(({ source: _source, ...stack }) => ({ ...defaults, ...stack }))
}
