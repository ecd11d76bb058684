import { exitCodes, InternalError, type Problem, UserError } from '../errors/index.js'
import { errorDocument } from '../report/errorDocument.js'
import { errorText } from '../report/errorText.js'
import { terminalStyle } from './terminal.js'
import { usageProblem } from './usage.js'

/** Prints what went wrong (one JSON document on stdout under --json, else text on stderr) and sets the exit code. */
export function reportFailure(error: unknown, argv: readonly string[]): void {
  if (isPlainExit(error)) {
    process.exitCode = error.oclif.exit
    return
  }
  const { problems, exitCode } = diagnose(error)
  process.exitCode = exitCode
  if (wantsJson(argv)) process.stdout.write(`${JSON.stringify(errorDocument(problems), null, 2)}\n`)
  else process.stderr.write(errorText(problems, terminalStyle(process.stderr, argv.includes('--no-color'))))
  if (process.env.STOWAGE_DEBUG && error instanceof Error) process.stderr.write(`${error.stack}\n`)
}

interface Diagnosis {
  readonly problems: readonly [Problem, ...Problem[]]
  readonly exitCode: number
}

const reportIt = 'please report this with the command and its input; STOWAGE_DEBUG=1 adds where it happened'

function diagnose(error: unknown): Diagnosis {
  if (error instanceof UserError && error.exitCode !== exitCodes.bug) return error
  const usage = usageProblem(error)
  if (usage) return { problems: [usage], exitCode: exitCodes.input }
  return { problems: [bug(error)], exitCode: exitCodes.bug }
}

function bug(error: unknown): Problem {
  if (error instanceof UserError) return { fix: reportIt, ...error.problems[0] }
  const message = (error instanceof Error ? error.message : String(error)) || 'no message'
  const found = error instanceof Error && !(error instanceof InternalError) ? error.name : undefined
  return { code: 'E900', message, found, fix: reportIt }
}

/** `this.exit()` and oclif's help end by throwing; they have nothing to say. */
function isPlainExit(error: unknown): error is { oclif: { exit: number } } {
  return error instanceof Error && (error as { code?: unknown }).code === 'EEXIT'
}

/** Read from the raw arguments, since they may be what could not be parsed. */
function wantsJson(argv: readonly string[]): boolean {
  const end = argv.indexOf('--')
  const flags = end < 0 ? argv : argv.slice(0, end)
  return flags.some(
    (flag, i) => flag === '--json' || flag === '--format=json' || (flag === '--format' && flags[i + 1] === 'json'),
  )
}
