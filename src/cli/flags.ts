import { accessSync, constants, statSync } from 'node:fs'
import { dirname } from 'node:path'
import * as Flags from '@oclif/core/flags'
import { fail } from '../errors/index.js'

export type Format = 'text' | 'json' | 'markdown' | 'github' | 'junit'

/** --format for a command that can write `more` than text and JSON: `static flags = { format: formatFlag('markdown') }`. */
export function formatFlag(...more: Exclude<Format, 'text' | 'json'>[]) {
  const options: Format[] = ['text', 'json', ...more]
  return Flags.option({ options, description: 'How to print the answer; text if not given.', helpGroup: 'GLOBAL' })()
}

/** The value of --output-file, refused before the work is done when its folder cannot be written to. */
export async function checkedOutputPath(path: string): Promise<string> {
  try {
    if (path !== '-') accessSync(dirname(path), constants.W_OK)
  } catch (error) {
    fail('E108', `cannot write ${path}`, { where: path, found: (error as Error).message })
  }
  if (path !== '-' && statSync(path, { throwIfNoEntry: false })?.isDirectory())
    fail('E108', `${path} is a folder`, {
      where: path,
      expected: 'a file name',
      fix: `write to ${path.replace(/\/$/, '')}/plan.json`,
    })
  return path
}
