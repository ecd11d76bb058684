import { existsSync } from 'node:fs'
import { dirname, join, resolve } from 'node:path'
import { fail } from '../errors/index.js'
import { readConfig } from '../formats/config.js'
import type { ConfigDocument } from '../formats/configSchema.js'
import { readJsonc } from '../formats/jsonc.js'
import { type Tree, workingTree } from './gateTree.js'

export const configName = 'stowage.config.json'

export interface ConfigFile {
  readonly path: string
  /** What its paths are relative to. */
  readonly folder: string
  readonly config: ConfigDocument
}

/** The config of --config, else the nearest one upward from the working directory. Throws E101 where there is none. */
export async function openConfig(asked: string | undefined): Promise<ConfigFile> {
  const path = asked === undefined ? upward(process.cwd()) : resolve(asked)
  if (path === undefined)
    fail('E101', `there is no ${configName} here or above`, {
      where: process.cwd(),
      fix: 'stowage init MODEL -c CLUSTER writes one; --config names another file',
    })
  return configOf(workingTree, path)
}

/** A config as a tree has it. */
export async function configOf(tree: Tree, path: string): Promise<ConfigFile> {
  const source = await tree.open(path)
  return { path, folder: dirname(path), config: readConfig(readJsonc(source), source.name) }
}

function upward(folder: string): string | undefined {
  const path = join(folder, configName)
  if (existsSync(path)) return path
  const parent = dirname(folder)
  return parent === folder ? undefined : upward(parent)
}
