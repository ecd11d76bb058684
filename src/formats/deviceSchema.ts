import { z } from 'zod'
import { interconnectSchema, linkSchema } from './clusterSchema.js'
import { priceSchema } from './priceSchema.js'

const quantity = z.number().positive()
const share = z.number().positive().max(1)

/** "measured mamf": how a figure is known, and the source's key in the file's `sources`, or for assumed figures the kind it is taken from. */
const origin = z
  .string()
  .regex(/^(measured|specified|recalled|assumed) \S/, 'measured, specified, recalled or assumed, then a source')

const origins = z.object({
  flopsPerSecond: origin,
  matrixEfficiency: origin,
  memoryBytes: origin,
  memoryBytesPerSecond: origin,
  memoryEfficiency: origin,
  launchSeconds: origin,
  'host.interconnect': origin,
  'host.network': origin,
  'host.pciBytesPerSecond': origin,
})

/** The shape of models/devices/*.json. `origins` of the file hold for its devices where they state none of their own. */
export const devicesSchema = z.strictObject({
  kind: z.literal('stowage.devices'),
  schemaVersion: z.literal('1.0'),
  sources: z.record(z.string(), z.string().min(1)).describe('Title, place and date of each source, by its key'),
  origins: origins.partial(),
  devices: z
    .array(
      z.strictObject({
        name: z.string().min(1),
        aliases: z.array(z.string().min(1)).min(1).describe('The first is the short name that presets are called by'),
        flopsPerSecond: z
          .strictObject({
            fp64: quantity,
            fp32: quantity,
            tf32: quantity,
            fp16: quantity,
            bf16: quantity,
            fp8: quantity,
            fp4: quantity,
            int8: quantity,
          })
          .partial()
          .refine((peaks) => Object.keys(peaks).length > 0, 'at least one peak'),
        matrixEfficiency: share,
        memoryBytes: quantity,
        memoryBytesPerSecond: quantity,
        memoryEfficiency: share,
        launchSeconds: quantity,
        host: z.strictObject({
          devicesPerHost: z.int().min(1),
          domainDevices: z.int().min(1).optional(),
          interconnect: interconnectSchema,
          network: linkSchema,
          networkDescription: z.string(),
          pciBytesPerSecond: quantity,
        }),
        price: priceSchema.optional(),
        note: z.string().optional(),
        origins: origins.partial().optional(),
      }),
    )
    .min(1),
})

export const figures = Object.keys(origins.shape) as (keyof z.infer<typeof origins>)[]
