import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { InternalError } from '../errors/index.js'

/** One file of models/, parsed. */
export interface ModelFile {
  /** Path below the package, such as models/devices/h100.json: for messages. */
  readonly file: string
  readonly value: unknown
}

/** The package's own folder: this file lies in dist/src/cli. */
const packageRoot = fileURLToPath(new URL('../../..', import.meta.url))

/** The data files shipped in models/FOLDER, in order of their names. */
export function shippedModels(folder: 'devices' | 'clusters'): ModelFile[] {
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
