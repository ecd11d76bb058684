import { didYouMean, type Problem } from '../errors/index.js'

/** oclif's complaints about the command line in our words; undefined when the error is not one of oclif's. */
export function usageProblem(error: unknown): Problem | undefined {
  if (!isOclifError(error)) return undefined
  const command = error.parse?.input?.context?.id
  const help = `see stowage ${command ? `${command} ` : ''}--help`
  const where = command ? `stowage ${command}` : undefined
  return { code: 'E100', where, ...explain(error, help) }
}

/** "did you mean ...?" or undefined when nothing known is close. */
export function nearest(typed: string, known: Iterable<string>): string | undefined {
  return didYouMean(typed, known) || undefined
}

/** The fields that we read of oclif's error classes; the classes themselves are not exported. */
interface OclifError extends Error {
  readonly oclif: object
  readonly flags?: readonly string[]
  readonly args?: readonly (string | { readonly name: string })[]
  readonly parse?: { readonly input?: { readonly context?: { readonly id?: string }; readonly flags?: object } }
}

function isOclifError(error: unknown): error is OclifError {
  return error instanceof Error && 'oclif' in error
}

function explain(error: OclifError, help: string): Pick<Problem, 'message' | 'fix'> {
  const names = (error.flags ?? error.args ?? []).map((item) => (typeof item === 'string' ? item : item.name))
  switch (error.constructor.name) {
    case 'NonExistentFlagsError': {
      const known = Object.keys(error.parse?.input?.flags ?? {}).map((name) => `--${name}`)
      return { message: `unknown flag ${names.join(', ')}`, fix: nearest(names[0] ?? '', known) ?? help }
    }
    case 'UnexpectedArgsError':
      return { message: `unexpected argument ${names.join(', ')}`, fix: help }
    case 'RequiredArgsError':
      return { message: `missing argument ${names.join(', ').toUpperCase()}`, fix: help }
    default:
      return { message: tidied(error.message), fix: help }
  }
}

/** Without the frame that oclif puts around some of its messages. */
function tidied(message: string): string {
  return message
    .replace(/\nSee more help with --help$/, '')
    .replace(/^The following errors? occurred:\s+/, '')
    .replace(/^Command (.+) not found\.?$/i, 'unknown command $1')
}
