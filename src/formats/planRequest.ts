import { z } from 'zod'
import { parseWith } from './parseWith.js'

const requestSchema = z.looseObject({
  id: z.union([z.string(), z.number()]).optional(),
  model: z.unknown().optional(),
  routing: z.unknown().optional(),
  parameters: z.unknown().optional(),
  cluster: z.unknown().optional(),
  options: z.record(z.string(), z.unknown()).optional().describe('The flags of plan in camelCase'),
})

/** One line of `plan FILE.jsonl`: what to plan for, and the flags of `plan` by name. */
export type PlanLineRequest = z.infer<typeof requestSchema>

export function readPlanRequest(value: unknown, where: string): PlanLineRequest {
  return parseWith(requestSchema, value, where)
}

/** More than any cluster has, and few enough that offsets are counted exactly. */
const mostDevices = 2 ** 24

const shardOptionsSchema = z.object({
  strategy: z.string().optional(),
  devices: z.int().min(1).max(mostDevices),
  granularity: z.union([z.string(), z.array(z.string())]).optional(),
  buffers: z.enum(['one', 'by-width', 'auto']).optional(),
})

/** Options of RaggedShard layouts. Throws E105 with every field that is wrong. */
export function readShardOptions(value: unknown, where: string): z.infer<typeof shardOptionsSchema> {
  return parseWith(shardOptionsSchema, value ?? {}, where)
}
