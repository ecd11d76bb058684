import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { readClusterPresets } from '../../src/formats/clusterPresets.js'
import { readDeviceCatalogue } from '../../src/formats/deviceCatalogue.js'

const models = fileURLToPath(new URL('../../models', import.meta.url))

/** The files of models/FOLDER, parsed. */
export function modelFiles(folder: 'devices' | 'clusters'): { file: string; value: unknown }[] {
  return readdirSync(join(models, folder)).map((name) => {
    const file = join('models', folder, name)
    return { file, value: JSON.parse(readFileSync(join(models, folder, name), 'utf8')) as unknown }
  })
}

export const catalogue = readDeviceCatalogue(modelFiles('devices'))
export const presets = readClusterPresets(modelFiles('clusters'), catalogue)
