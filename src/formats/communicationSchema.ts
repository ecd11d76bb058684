import { z } from 'zod'
import { communicationMethodNames } from '../cost/training/index.js'

const amount = z.number().min(0).max(1e6)
const steps = z.int().min(1).max(1e6)

const trafficSchema = z.strictObject({
  insideBytes: amount.optional().describe('An element, between devices of a host or rack; absent: as the stack sends'),
  acrossBytes: amount.optional().describe('An element, between hosts or racks'),
  codecBytes: amount.optional().describe('Device memory traffic of encoding and decoding an element'),
  sparse: z.boolean().optional().describe('Each rank gathers what all others send'),
})

/** One entry of `parallelism.communication`: a method by name, and the fields in which it differs from the published one. */
export const communicationSchema = z.strictObject({
  method: z.enum(communicationMethodNames as [string, ...string[]]),
  gradients: trafficSchema.nullish(),
  parameters: trafficSchema.nullish(),
  sync: trafficSchema
    .extend({
      everySteps: steps.optional().describe('Each parameter is exchanged once in so many steps'),
      fragments: steps.optional().describe('Parts of the model that take turns'),
      overlapSteps: z.int().min(0).max(1e6).optional().describe('Steps that run while an exchange is under way'),
    })
    .nullish(),
  stateBytes: amount.nullish().describe('More state, a parameter'),
  changesConvergence: z.boolean().nullish(),
})
