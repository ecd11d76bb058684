import { z } from 'zod'
import { calibrationSchema } from './calibration.js'
import { clusterSchema } from './clusterSchema.js'
import { configSchema } from './configSchema.js'
import { diffSchema } from './diff.js'
import { errorSchema } from './error.js'
import { gateSchema } from './gate.js'
import { modelSchema } from './modelSchema.js'
import { graphSchema } from './opGraphSchema.js'
import { planSchema, predictionSchema } from './plan.js'
import { runPredictionSchema } from './runPrediction.js'
import { runSchema } from './runSchema.js'

/** Every format that has a schema; `npm run schemas` writes each to docs/schemas. A new format is one line here. */
export const schemas = {
  'stowage.graph': graphSchema,
  'stowage.cluster': clusterSchema,
  'stowage.model': modelSchema,
  'stowage.run': runSchema,
  'stowage.calibration': calibrationSchema,
  'stowage.plan': planSchema,
  'stowage.prediction': z.union([predictionSchema, runPredictionSchema]),
  'stowage.diff': diffSchema,
  'stowage.config': configSchema,
  'stowage.gate': gateSchema,
  'stowage.error': errorSchema,
} as const satisfies Readonly<Record<string, z.ZodType>>

/** The JSON Schema of what a file of this format may contain, before defaults are filled in. */
export function jsonSchemaOf(name: string): object {
  const schema: z.ZodType = schemas[name as keyof typeof schemas]
  return { $id: `${name}.schema.json`, ...z.toJSONSchema(schema, { io: 'input' }) }
}
