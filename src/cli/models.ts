import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { InternalError } from '../errors/index.js'

/** One file of models/, parsed. */
export interface ModelFile {
  /** Path below the package, such as models/devices/h100.json: for messages. */
  readonly file: string
  readonly value: unknown
}

/** The package's own folder: this file lies in dist/src/cli, in tests in src/cli. */
const packageRoot = ['../../..', '../..']
  .map((up) => fileURLToPath(new URL(up, import.meta.url)))
  .find((folder) => existsSync(join(folder, 'models', 'devices')))!

/** The file of a model that comes with the program, by its name or as models/NAME.json; undefined when there is none. */
export function shippedModel(text: string): { readonly file: string; readonly path: string } | undefined {
  const name = /^models[\\/]([^\\/]+)\.json$/.exec(text)?.[1] ?? text.toLowerCase()
  if (!shippedModelNames().includes(name)) return undefined
  const file = join('models', `${name}.json`)
  return { file, path: join(packageRoot, file) }
}

/** What shippedModel knows. */
export function shippedModelNames(): string[] {
  const files = readdirSync(join(packageRoot, 'models')).filter((name) => name.endsWith('.json'))
  return files.map((file) => file.slice(0, -'.json'.length)).sort()
}

/** The data files shipped in models/FOLDER (models itself holds the model descriptions), in order of their names. */
export function shippedModels(
  folder: 'devices' | 'clusters' | 'collectives' | 'stacks' | 'calibration' | '',
): ModelFile[] {
  const path = join('models', folder)
  const names = readdirSync(join(packageRoot, path)).filter((name) => name.endsWith('.json'))
  return names.sort().map((name) => {
    const file = join(path, name)
    try {
      return { file, value: JSON.parse(readFileSync(join(packageRoot, file), 'utf8')) as unknown }
    } catch (error) {
      throw new InternalError(`the shipped file ${file} is broken: ${(error as Error).message}`)
    }
  })
}
