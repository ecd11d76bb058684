import { accessSync, constants, statSync } from 'node:fs'
import { dirname, resolve } from 'node:path'
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

/** An input is not what to write the answer to: a slip that would cost a file. */
export function refuseOverwriting(
  args: Readonly<Record<string, unknown>>,
  flags: Readonly<Record<string, unknown>>,
): void {
  const inputs = Object.values(args).filter((arg): arg is string => typeof arg === 'string' && arg !== '-')
  for (const flag of ['output-file', 'trace']) {
    const path = flags[flag]
    if (typeof path === 'string' && inputs.some((input) => resolve(input) === resolve(path)))
      fail('E108', `${path} is an input`, { where: `--${flag}`, fix: 'write to another file' })
  }
}
