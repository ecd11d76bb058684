import { z } from 'zod'

/** Slower than a modem and faster than all networks together are slips of units; so is a latency above ten seconds. */
export const rateSchema = z.number().min(1e3).max(1e18)
const latency = z.number().min(0).max(10)
const count = z.int().min(0)

export const linkSchema = z.object({ bytesPerSecond: rateSchema, latencySeconds: latency })

export const interconnectSchema = linkSchema.extend({ topology: z.enum(['switch', 'mesh', 'pcie']) })

const groupSchema = z.object({
  kind: z.string().min(1).describe('A device kind of models/devices or an alias; generic has no data sheet'),
  count,
  memoryBytes: z.number().positive().optional().describe('Absent: that of the data sheet; generic must state it'),
})

/** The documented shape of a stowage.cluster. Files without kind and version are recognised by their hosts. */
export const clusterSchema = z.object({
  kind: z.literal('stowage.cluster').optional(),
  schemaVersion: z
    .string()
    .regex(/^\d+\.\d+$/, 'a version such as 1.0')
    .optional(),
  name: z.string().optional(),
  description: z.string().optional(),
  hosts: z.array(
    z.object({
      count: count.optional().describe('Equal hosts; absent: 1'),
      devices: z.union([groupSchema, z.array(groupSchema)]),
      interconnect: interconnectSchema.describe('Between the devices of the host, per device and direction'),
      network: linkSchema.optional().describe('To other hosts, per host and direction; needed when there are any'),
    }),
  ),
  transfers: z
    .enum(['full-duplex', 'half-duplex', 'uncontended'])
    .optional()
    .describe("What one device's endpoint can do at once; absent: full-duplex"),
})
