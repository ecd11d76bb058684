import { Problems, UserError } from '../errors/index.js'
import { readModel } from '../formats/model.js'
import { type ParameterCount, parameterCount } from '../model/index.js'

/** The answer of `stowage models`. */
export interface ModelListing {
  readonly kind: 'stowage.models'
  readonly schemaVersion: '1.0'
  readonly models: readonly ListedModel[]
}

export interface ListedModel {
  readonly name: string
  readonly layers: number
  readonly hidden: number
  readonly heads: number
  readonly kvHeads: number
  /** Experts of one layer; 0: a dense model. */
  readonly experts: number
  readonly topK: number
  readonly attention: string
  readonly seq: number
  readonly vocab: number
  readonly parameters: ParameterCount
  readonly source: string
}

/** The models that come with the program, by name. Problems of all files are thrown together. */
export function listModels(files: ReadonlyArray<{ file: string; value: unknown }>): ModelListing {
  const problems = new Problems()
  const models = files.flatMap(({ file, value }) => {
    try {
      return [listed(value, file)]
    } catch (error) {
      if (!(error instanceof UserError)) throw error
      for (const { code, message, ...detail } of error.problems) problems.add(code, message, detail)
      return []
    }
  })
  problems.throwIfAny()
  models.sort((a, b) => (a.name < b.name ? -1 : 1))
  return { kind: 'stowage.models', schemaVersion: '1.0', models }
}

function listed(value: unknown, file: string): ListedModel {
  const { model, source = file } = readModel(value, file)
  const { name, layers, hidden, heads, kvHeads, experts, topK, attention, seq, vocab } = model
  const sizes = { layers, hidden, heads, kvHeads, experts, topK, attention, seq, vocab }
  return { name, ...sizes, parameters: parameterCount(model), source }
}
