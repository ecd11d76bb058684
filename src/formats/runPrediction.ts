import { z } from 'zod'

const seconds = z.number().min(0)
const bytes = z.number().min(0)

export const priceSchema = z.object({
  perStep: z.number().min(0),
  currency: z.string(),
  asOf: z.string(),
  source: z.string(),
})

/** What `simulate` answers of a training run. */
export const runPredictionSchema = z.object({
  kind: z.literal('stowage.prediction'),
  schemaVersion: z.string(),
  stepSeconds: seconds,
  stepSecondsInterval: z.tuple([seconds, seconds]).describe('Nine measured runs in ten lie inside'),
  peakBytes: bytes.describe('Of the fullest rank'),
  peakBytesByStage: z.array(bytes),
  fits: z.boolean(),
  breakdown: z
    .object({
      compute: seconds,
      exposedCommunication: seconds,
      bubble: seconds,
      optimizer: seconds,
      other: seconds,
    })
    .describe('Of the busiest pipeline rank; adds up to the step'),
  mfu: z.number(),
  memory: z.looseObject({
    parameters: bytes,
    gradients: bytes,
    optimizer: bytes,
    activations: bytes,
    temporary: bytes,
    communication: bytes,
  }),
  changesConvergence: z.boolean().describe('Never compare with exact methods by step time alone where this is true'),
  communication: z
    .object({
      methods: z.array(z.string()),
      periodSteps: z.number().describe('Steps from one meeting of ranks to the next; stepSeconds is their mean'),
      localStepSeconds: seconds,
      longestStepSeconds: seconds,
    })
    .optional(),
  stragglers: z
    .object({
      equalStepSeconds: seconds,
      slowest: z.object({ device: z.int().min(0), speed: z.number() }),
      reshareBatch: z
        .object({ stepSeconds: seconds, microbatchesByReplica: z.array(z.int().min(0)) })
        .optional()
        .describe('Replicas take microbatches by their speed'),
      gradientCoding: z
        .object({ stepSeconds: seconds, tolerated: z.int() })
        .optional()
        .describe('Replicas also compute what so many others should, and do not wait for them'),
    })
    .optional(),
  unfolded: z
    .object({
      ranks: z.int(),
      tasks: z.int(),
      events: z.int(),
      stepSeconds: seconds,
      sharedLinksStepSeconds: seconds.describe('With all transfers and exchanges on shared links'),
    })
    .optional()
    .describe('Played rank by rank'),
  price: priceSchema.optional(),
  calibration: z.string().describe('Whose measurements the prediction rests on'),
  assumed: z.array(z.string()).describe('Defaults that were taken'),
  warnings: z.array(z.string()).optional().describe('Keys of the run that were ignored'),
})
