import { z } from 'zod'

const quantity = z.number().min(0)

/** The documented shape of a stowage.graph; `readOpGraph` checks the same by hand, and a test holds the two against each other. */
export const graphSchema = z.object({
  kind: z.literal('stowage.graph'),
  schemaVersion: z.string(),
  name: z.string().optional(),
  ops: z
    .array(
      z.object({
        name: z.string(),
        type: z.string(),
        module: z.string().optional(),
        phase: z.enum(['forward', 'backward', 'optimizer']).optional(),
        seconds: z
          .union([quantity, z.record(z.string(), quantity)])
          .optional()
          .describe('Measured time, one for all or by device kind; wins over the cost model'),
        flops: quantity.optional(),
        matrixFlops: quantity
          .optional()
          .describe('The part done by matrix, convolution, attention and recurrent arithmetic'),
        bytesAccessed: quantity.optional(),
        dtype: z.string().optional().describe('Arithmetic type: fp32, tf32, fp16, bf16, fp8, int8'),
        parameterBytes: quantity.optional(),
        temporaryBytes: quantity.optional(),
        colocationGroup: z.string().optional(),
        deviceKinds: z.array(z.string()).optional(),
        outputs: z
          .array(
            z.object({
              name: z.string(),
              bytes: quantity,
              shape: z.array(z.int().min(0)).optional(),
              dtype: z.string().optional(),
              aliasOf: z.string().nullable().optional().describe('The tensor this is a view of; null for a constant'),
              transferSeconds: quantity
                .optional()
                .describe('Measured time of moving it to another device; wins over the link'),
            }),
          )
          .optional(),
        unmodelled: z.string().optional().describe('Why the cost of this op is only a lower estimate'),
      }),
    )
    .optional(),
  edges: z
    .array(
      z.object({
        from: z.string(),
        to: z.string(),
        output: z.string().optional().describe('Absent: a control edge'),
        bytes: quantity.optional(),
      }),
    )
    .optional(),
  parameters: z
    .array(
      z.object({
        name: z.string(),
        shape: z.array(z.int().min(0)),
        dtype: z.string(),
        op: z.string().optional(),
        readers: z.array(z.string()).optional().describe('Every op that reads it, where several do'),
        module: z.string().optional(),
      }),
    )
    .optional(),
})
