import { catalogue, type ErrorCode } from './catalogue.js'

/** One thing that is wrong: what, where, what was expected and found, how to mend it. */
export interface Problem {
  readonly code: ErrorCode
  readonly message: string
  /** File and JSON pointer or line, op name, device number: whatever leads the user to the spot. */
  readonly where?: string
  readonly expected?: string
  readonly found?: string
  readonly fix?: string
}

/** The user's input cannot be used. Carries every problem found, not the first only. Ends in the exit code of its catalogue entry. */
export class UserError extends Error {
  override readonly name = 'UserError'
  readonly code: ErrorCode
  readonly exitCode: number

  constructor(readonly problems: readonly [Problem, ...Problem[]]) {
    super(problems[0].message)
    this.code = problems[0].code
    this.exitCode = catalogue[this.code].exit
  }
}

/** We broke a promise of our own: an invariant failed. Ends in exit code 70. */
export class InternalError extends Error {
  override readonly name = 'InternalError'
  readonly code = 'E900' satisfies ErrorCode
  readonly exitCode = catalogue.E900.exit
}

/** Throws a UserError with a single problem. */
export function fail(code: ErrorCode, message: string, detail: Omit<Problem, 'code' | 'message'> = {}): never {
  throw new UserError([{ code, message, ...detail }])
}

/** Collects problems of one input and throws them together; keeps at most `limit` so that a hostile file cannot exhaust memory. */
export class Problems {
  private readonly list: Problem[] = []
  private dropped = 0

  constructor(private readonly limit = 20) {}

  add(code: ErrorCode, message: string, detail: Omit<Problem, 'code' | 'message'> = {}): void {
    if (this.list.length < this.limit) this.list.push({ code, message, ...detail })
    else this.dropped++
  }

  get count(): number {
    return this.list.length + this.dropped
  }

  /** Throws when anything was added. */
  throwIfAny(): void {
    const [first, ...rest] = this.list
    if (!first) return
    if (this.dropped) rest.push({ code: first.code, message: `and ${this.dropped} more problems` })
    throw new UserError([first, ...rest])
  }
}
