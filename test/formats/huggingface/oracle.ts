import { readFileSync } from 'node:fs'

/** What transformers builds from a configuration: launcher/tools/check_model_configs.py, which tells how it counts. */
export interface Figures {
  readonly name: string
  readonly config: Readonly<Record<string, unknown>>
  readonly parameters: number
  /** Shape of the token numbers or the image. */
  readonly input: readonly number[]
  readonly matrixFlops: number
  /** Elements by name; for small models only. */
  readonly tensors: Readonly<Record<string, number>> | null
}

const file = JSON.parse(readFileSync(new URL('../../../fixtures/model-figures.json', import.meta.url), 'utf8')) as {
  models: Figures[]
}

export const oracle: readonly Figures[] = file.models

export function figuresOf(name: string): Figures {
  return oracle.find((each) => each.name === name)!
}
