import type { Problem } from '../errors/index.js'

/** A `stowage.error` document: the first problem by itself, and all of them. */
export function errorDocument(problems: readonly [Problem, ...Problem[]]): ErrorDocument {
  return { kind: 'stowage.error', schemaVersion: '1.0', error: inOrder(problems[0]), problems: problems.map(inOrder) }
}

export interface ErrorDocument {
  readonly kind: 'stowage.error'
  readonly schemaVersion: '1.0'
  readonly error: Problem
  readonly problems: readonly Problem[]
}

/** Keys in the order that people read them in. */
function inOrder({ code, message, where, expected, found, fix }: Problem): Problem {
  return { code, message, where, expected, found, fix }
}
