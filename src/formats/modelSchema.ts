import { z } from 'zod'
import { activations, biasChoices, families } from '../model/index.js'

const size = z.int()

/** The `model` of a stowage.run and the body of a stowage.model. Bounds are the model's own to check: `checkModel` knows what depends on what. */
export const modelFieldsSchema = z.object({
  name: z.string().min(1),
  family: z.enum(families).optional().describe('Whose module names a graph of the model carries'),
  layers: size,
  hidden: size,
  heads: size,
  kvHeads: size.optional(),
  headDim: size.optional().describe('Width of one query and key; absent: hidden / heads'),
  vHeadDim: size.optional(),
  seq: size.optional().describe('Tokens of a sequence'),
  vocab: size.optional(),
  tiedEmbeddings: z.boolean().optional(),
  positions: z.enum(['learned', 'rope', 'none']).optional(),
  maxPositions: size.optional().describe('Rows of a learned table of positions'),
  tokenTypes: size.optional(),
  embeddingNorm: z.boolean().optional(),
  imageSize: size.optional(),
  patchSize: size.optional(),
  channels: size.optional(),
  attention: z.enum(['mha', 'gqa', 'mla']).optional(),
  qLoraRank: size.optional().describe('0: queries are not compressed'),
  kvLoraRank: size.optional(),
  qkNopeHeadDim: size.optional(),
  qkRopeHeadDim: size.optional(),
  qkNorm: z.boolean().optional(),
  sinks: z.boolean().optional(),
  causal: z.boolean().optional(),
  attentionKernel: z.enum(['flash', 'math']).optional(),
  expandKv: z.boolean().optional(),
  ffn: size.optional(),
  gatedMlp: z.boolean().optional(),
  activation: z.enum(activations).optional(),
  norm: z.enum(['rmsnorm', 'layernorm']).optional(),
  normPlacement: z.enum(['pre', 'post', 'both']).optional(),
  parallelResidual: z.boolean().optional(),
  biases: z
    .union([z.boolean(), z.enum(biasChoices)])
    .optional()
    .describe('true: all, false: none'),
  dropout: z.number().optional(),
  experts: size.optional(),
  topK: size.optional(),
  expertFfn: size.optional(),
  sharedExperts: size.optional(),
  sharedFfn: size.optional(),
  sharedGate: z.boolean().optional(),
  denseLayers: z
    .union([size, z.array(size)])
    .optional()
    .describe('So many from the first, or just these'),
  routerCorrection: z.boolean().optional(),
  head: z.enum(['lm', 'mlm', 'none']).optional(),
  pooler: z.boolean().optional(),
  classes: size.optional(),
})

/** The shape of models/*.json. */
export const modelSchema = modelFieldsSchema.extend({
  kind: z.literal('stowage.model').optional(),
  schemaVersion: z.string().optional(),
  source: z.string().optional().describe('Where the figures come from'),
  parameters: z.int().optional().describe('Elements of weights, which the fields must give'),
  dtype: z.enum(['fp64', 'fp32', 'bf16', 'fp16', 'fp8']).optional().describe('What the weights are stored in'),
})
