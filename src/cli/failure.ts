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

function diagnose(error: unknown): Diagnosis {
  if (error instanceof UserError) return { problems: error.problems, exitCode: error.exitCode }
  const usage = usageProblem(error)
  if (usage) return { problems: [usage], exitCode: exitCodes.input }
  const message = error instanceof Error ? error.message : String(error)
  const found = error instanceof Error && !(error instanceof InternalError) ? error.name : undefined
  const fix = 'please report this with the command and its input; STOWAGE_DEBUG=1 adds where it happened'
  return { problems: [{ code: 'E900', message: message || 'no message', found, fix }], exitCode: exitCodes.bug }
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
