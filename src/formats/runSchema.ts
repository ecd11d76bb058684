import { z } from 'zod'
import { fsdpLosses, fsdpOptimizers, fsdpUnits } from '../cost/fsdpMemory/index.js'
import { precisions, recomputations } from '../model/index.js'
import { rateSchema } from './clusterSchema.js'
import { communicationSchema } from './communicationSchema.js'
import { modelFieldsSchema } from './modelSchema.js'
import { priceSchema } from './priceSchema.js'

const count = z.int().min(1).max(1e9)
const rate = rateSchema
const memory = z.number().min(1e6).max(1e18)
const speed = z.number().min(0.001).max(1000)
const dtype = z.enum(['fp32', 'fp16', 'bf16']).nullish()

/** How FSDP2 is set up, where its memory is asked for to the byte (FORMATS, "Memory of FSDP"). */
export const fsdpSchema = z.object({
  reshardAfterForward: z.union([z.boolean(), z.int().min(1)]).optional(),
  parameterDtype: dtype,
  reduceDtype: dtype,
  originalDtype: z.enum(['fp32', 'fp16', 'bf16']).optional(),
  units: z.enum(fsdpUnits).optional(),
  prefetch: z
    .union([z.literal('implicit'), z.templateLiteral(['explicit:', z.int().min(1).max(1000)])], {
      error: 'implicit, or explicit:N with N from 1 to 1000',
    })
    .optional(),
  optimizer: z.enum(fsdpOptimizers).optional(),
  clipGradients: z.boolean().optional(),
  rank: z.int().min(0).optional(),
  accumulation: count.optional(),
  syncEveryMicrobatch: z.boolean().optional(),
  loss: z.enum(fsdpLosses).optional(),
  replicate: count.optional(),
})

export const runClusterSchema = z.object({
  device: z.string().min(1),
  devices: count,
  devicesPerHost: count.nullish(),
  nvlinkDomainDevices: count.nullish(),
  intraHostBytesPerSecond: rate.nullish(),
  interHostBytesPerSecond: rate.nullish(),
  observedAllReduceBytesPerSecond: rate.nullish(),
  observedAllGatherBytesPerSecond: rate.nullish(),
  observedReduceScatterBytesPerSecond: rate.nullish(),
  memoryBytes: memory.nullish(),
  hostMemoryBytesPerSecond: rate.nullish().describe('Of one host; an optimizer that is offloaded runs on it'),
  price: priceSchema.nullish(),
})

/** A pipeline's program action by action, in PyTorch's notation. */
export const actionsSchema = z.strictObject({
  actions: z
    .union([z.string().min(1), z.array(z.array(z.string().max(100)))])
    .describe('A CSV file with a line for each rank, or the list of each rank, such as ["0F0", "0B0"]'),
  stageRank: z.array(z.int().min(0)).optional().describe('Rank of each stage; absent: whoever runs it first'),
  copies: z
    .union([z.literal(1), z.literal(2)])
    .optional()
    .describe('Copies of the model that the ranks hold, 2 as in DualPipe'),
})

/** One training run: the shape of a stowage.run and of a line of a batch. */
export const runSchema = z.object({
  kind: z.literal('stowage.run').optional(),
  schemaVersion: z.string().optional(),
  id: z.union([z.string(), z.number()]).optional(),
  source: z.string().optional(),
  stack: z.string().min(1).nullish().describe('Framework and release: chooses calibration and habits'),
  model: z.union([z.string().min(1), modelFieldsSchema, z.record(z.string(), z.unknown())], {
    error: 'the name of a model, a path, or its fields',
  }),
  cluster: z.union([z.string().min(1), runClusterSchema, z.record(z.string(), z.unknown())], {
    error: 'a cluster such as { "device": "h100", "devices": 16 }, or its name',
  }),
  stragglers: z
    .object({
      speeds: z.record(z.string(), speed).optional().describe('By device number; 1 is as fast as the kind'),
      spread: z.object({ sigma: z.number().min(0).max(2), seed: z.int().min(0) }).optional(),
    })
    .optional()
    .describe('Devices slower or faster than their kind'),
  training: z.object({
    globalBatch: count.describe('Sequences a step'),
    microbatch: count.nullish().describe('Sequences a rank takes at once'),
    seq: count.nullish().describe("Tokens of a sequence; absent: the model's"),
    precision: z.enum(precisions).nullish(),
    recompute: z.enum(recomputations).nullish(),
    optimizer: z.string().nullish(),
  }),
  parallelism: z
    .object({
      tp: count.nullish(),
      pp: count.nullish(),
      dp: count.nullish(),
      cp: count.nullish(),
      ep: count.nullish(),
      virtualStages: count.nullish(),
      schedule: z.union([z.string(), actionsSchema]).nullish(),
      sequenceParallel: z.boolean().nullish(),
      zeroStage: z.union([z.literal(0), z.literal(1), z.literal(2), z.literal(3)]).nullish(),
      fsdp: z.union([z.boolean(), fsdpSchema]).nullish(),
      offload: z.boolean().nullish(),
      communication: z.array(communicationSchema).max(10).nullish(),
    })
    .optional(),
})

export type RunDocument = z.output<typeof runSchema>
export type FsdpDocument = z.output<typeof fsdpSchema>
