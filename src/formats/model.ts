import type { z } from 'zod'
import { nearNames, Problems } from '../errors/index.js'
import type { ModelDtype } from '../graph/model/dtypes.js'
import { checkModel, completeModel, type ModelDescription, type ModelFields, parameterCount } from '../model/index.js'
import { modelSchema } from './modelSchema.js'
import { parseInto, unknownKeys } from './schemaProblems.js'

/** A model as a file describes it. */
export interface ModelReading {
  readonly model: ModelDescription
  /** What the weights are stored in; absent: the file does not say. */
  readonly dtype?: ModelDtype
  /** Every default that was taken: "headDim 128 (hidden / heads)". */
  readonly assumed: readonly string[]
  readonly warnings: readonly string[]
  /** Where the figures come from, in the file's words. */
  readonly source?: string
}

/** A `stowage.model`. Fields that are wrong are E105 or E204 at their pointer, all of them at once. */
export function readModel(value: unknown, where: string): ModelReading {
  const problems = new Problems()
  const parsed = parseInto(modelSchema, value, where, problems)
  problems.throwIfAny()
  const { dtype, source, parameters, kind, schemaVersion, ...written } = parsed!
  const { model, assumed } = completeModel(modelFields(written))
  checkModel(model, (field) => `${where}#/${field}`, problems)
  problems.throwIfAny()
  const { total } = parameterCount(model)
  const warnings = unknownKeys(value, parsed).map(ignored)
  if (parameters !== undefined && parameters !== total)
    warnings.push(`parameters says ${parameters}, the fields give ${total}`)
  return { model, dtype, assumed, warnings, source }
}

/** Fields as a schema of ours reads them: `biases` may be a yes or no. */
export function modelFields(written: z.infer<typeof modelSchema>): ModelFields {
  const { biases } = written
  return { ...written, biases: typeof biases === 'boolean' ? (biases ? 'all' : 'none') : biases }
}

function ignored(pointer: string): string {
  const key = pointer.split('/').at(-1)!
  const [near] = nearNames(key, Object.keys(modelSchema.shape), 1)
  return `${pointer} is ignored${near ? `: did you mean ${near}?` : ''}`
}
