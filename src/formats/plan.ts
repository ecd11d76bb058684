import { z } from 'zod'
import { fail } from '../errors/index.js'
import { isRunPlan, type Plan, type RunPlan } from '../plan/index.js'
import { parseWith } from './parseWith.js'
import { priceSchema } from './runPrediction.js'

const identity = z.object({ name: z.string(), sha256: z.string() })
const device = z.int().min(0)
const scheduleSchema = z.object({
  ops: z.array(z.tuple([z.string(), device, z.number(), z.number()])).describe('[op, device, start, end] in seconds'),
  transfers: z
    .array(z.tuple([z.string(), device, device, z.number(), z.number()]))
    .describe('[tensor, from, to, start, end] in seconds'),
})

const prediction = z.object({
  stepSeconds: z.number().min(0),
  lowerBoundSeconds: z.number().min(0),
  peakBytes: z.array(z.number().min(0)).describe('By device'),
  fits: z.boolean(),
  breakdown: z
    .object({ compute: z.number(), exposedCommunication: z.number(), other: z.number() })
    .describe('Where the time of the critical path goes, in seconds'),
  unmodelledFlopsFraction: z.number().min(0).max(1),
  computeSeconds: z.array(z.number().min(0)).describe('Busy time by device'),
  schedule: scheduleSchema.optional(),
  maxLoadSeconds: z
    .number()
    .min(0)
    .optional()
    .describe('Largest device load: one microbatch leaves each so many seconds'),
  maxLoadLowerBoundSeconds: z.number().min(0).optional(),
  loadSeconds: z.array(z.number().min(0)).optional().describe('Compute and transfers of one microbatch, by device'),
})

const seconds = z.number().min(0)
const runPlanPrediction = z.object({
  stepSeconds: seconds,
  stepSecondsInterval: z.tuple([seconds, seconds]).describe('Nine measured runs in ten lie inside'),
  peakBytes: z.array(z.number().min(0)).describe('By pipeline rank'),
  memoryLimitBytes: z.number().min(0).describe('What a rank may fill'),
  fits: z.boolean(),
  breakdown: z
    .object({ compute: seconds, exposedCommunication: seconds, bubble: seconds, optimizer: seconds, other: seconds })
    .describe('Of the busiest pipeline rank; adds up to the step'),
  mfu: z.number(),
  changesConvergence: z.boolean(),
  price: priceSchema.optional(),
})

const fsdpUnit = z.object({
  modules: z.array(z.string()).describe("'' is the root: what no other unit holds"),
  reshardAfterForward: z.boolean(),
  shardAxis: z.string(),
  buffers: z
    .array(
      z.object({
        dtype: z.string(),
        shardElements: z.int().min(0).describe('Device k owns the elements from k to k + 1 times this'),
        parameters: z.array(
          z.object({
            name: z.string(),
            offset: z.int().min(0).describe('Of its first element in the buffer'),
            granularity: z.int().min(1).describe('Elements of a block, which no device boundary cuts'),
            elementsByRank: z.array(z.int().min(0)).optional().describe('What the offset says, where that is short'),
          }),
        ),
      }),
    )
    .optional()
    .describe('RaggedShard layouts'),
})

const shardPrediction = z.object({
  shardElements: z.int().min(0).describe('Of all buffers of a device together'),
  shardElementsLowerBound: z.int().min(0).describe('The least of any layout of these buffers'),
  paddingFraction: z.number().min(0),
  certificates: z
    .array(z.object({ shardElements: z.int().min(0), reason: z.string(), pieceElements: z.int().min(1).optional() }))
    .describe('By buffer: a size that no order goes below, and why'),
})

export const planSchema = z.object({
  kind: z.literal('stowage.plan'),
  schemaVersion: z.string(),
  name: z.string(),
  provenance: z.object({
    tool: z.string(),
    inputs: z.object({
      model: identity,
      cluster: identity,
      calibration: identity,
      options: z.record(z.string(), z.unknown()),
    }),
  }),
  decisions: z.object({
    placement: z.record(z.string(), device).optional(),
    order: z.array(z.union([z.string(), z.tuple([z.string(), device])])).optional(),
    stages: z
      .array(z.object({ index: z.int().min(0), devices: z.array(device), modules: z.array(z.string()) }))
      .optional()
      .describe('Pipeline stages in order, replicated where they have several devices; modules, or ops by name'),
    mesh: z
      .object({ axes: z.array(z.string()), shape: z.array(z.int().min(1)) })
      .optional()
      .describe('Ranks of a training run, the last axis fastest'),
    schedule: z
      .object({ name: z.string(), microbatches: z.int().min(1), microbatch: z.int().min(1) })
      .optional()
      .describe('Of the pipeline; microbatches a step and rank, sequences a microbatch'),
    dataParallel: z.object({ zeroStage: z.int().min(0).max(3), offload: z.literal(true).optional() }).optional(),
    expertParallel: z.int().min(1).optional().describe('Ranks that share the experts of a layer'),
    fsdp: z.object({ units: z.array(fsdpUnit) }).optional(),
    tensorParallel: z.record(z.string(), z.string()).optional().describe('Style by module pattern, * a number'),
    recompute: z.record(z.string(), z.string()).optional().describe('full or selective, by module pattern'),
  }),
  prediction: z.union([prediction, runPlanPrediction, shardPrediction]),
  explanation: z
    .object({
      placer: z.string(),
      binding: z.array(z.string()),
      alternatives: z.array(z.object({ name: z.string(), stepSeconds: z.number(), lostBy: z.number() })),
      proof: z.string().optional(),
      assumed: z.array(z.string()).optional(),
      misses: z.array(z.string()).optional(),
    })
    .optional(),
  planHash: z.string().describe('sha256 of the canonical decisions'),
})

export const predictionSchema = prediction.extend({
  kind: z.literal('stowage.prediction'),
  schemaVersion: z.string(),
})

/** A parsed JSON document as a plan of an operator graph. Throws E105 with every field that is wrong, or for the plan of a training run. */
export function readPlan(value: unknown, where: string): Plan {
  const plan = readAnyPlan(value, where)
  if (isRunPlan(plan))
    fail('E105', 'this plan is of a training run, not of an operator graph', {
      where: `${where}#/decisions`,
      expected: 'a placement or stages of ops',
      found: 'a mesh',
    })
  return plan
}

/** A parsed JSON document as a plan of an operator graph or of a training run (`isRunPlan`). Throws E105 with every field that is wrong. */
export function readAnyPlan(value: unknown, where: string): Plan | RunPlan {
  const { prediction: predicted } = parseWith(planSchema, withoutSoundLists(value), where)
  if ('shardElements' in predicted)
    fail('E105', 'this plan lays parameters into shards, and has no step to predict', {
      where: `${where}#/prediction`,
      expected: 'the plan of an operator graph or of a training run',
      found: 'RaggedShard layouts',
    })
  // The document itself: zod's copy of a record lacks the key __proto__, which is an op name like any other.
  return value as Plan | RunPlan
}

/**
 * Placement and order have an entry an op, for which zod takes some microseconds each: they are looked through here, and left to it, for its messages,
 * only where something is wrong with them.
 */
function withoutSoundLists(value: unknown): unknown {
  const { decisions } = (value ?? {}) as { readonly decisions?: unknown }
  if (!isRecord(decisions)) return value
  const { placement, order, ...rest } = decisions
  return {
    ...(value as object),
    decisions: { ...rest, ...(!isPlacement(placement) && { placement }), ...(!isOrder(order) && { order }) },
  }
}

function isPlacement(value: unknown): boolean {
  return isRecord(value) && Object.keys(value).every((key) => isDevice(value[key]))
}

function isOrder(value: unknown): boolean {
  return Array.isArray(value) && value.every((entry) => typeof entry === 'string' || isTransfer(entry))
}

function isTransfer(entry: unknown): boolean {
  return Array.isArray(entry) && entry.length === 2 && typeof entry[0] === 'string' && isDevice(entry[1])
}

function isDevice(value: unknown): boolean {
  return Number.isSafeInteger(value) && (value as number) >= 0
}

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}
