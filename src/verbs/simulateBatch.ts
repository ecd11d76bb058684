import { type ErrorCode, InternalError, type Problem, UserError } from '../errors/index.js'
import { readCollectiveRequest } from '../formats/collectiveRequest.js'
import { parseJson } from '../formats/json.js'
import { answerCollective } from './answerCollective.js'
import type { RunTables } from './simulateRun.js'
import { simulateRun } from './simulateRun.js'

/** One answer of a batch: a prediction, or what was wrong with the line. */
export type BatchAnswer = Readonly<Record<string, unknown>> & { readonly id: string | number }

/** Answers one line of a batch; a wrong line is an answer too, so that it never stops the rest. */
export function simulateLine(text: string, number: number, name: string, tables: RunTables): BatchAnswer {
  let id: string | number = number
  const where = `${name}:${number}`
  try {
    const value = parseJson(text, name, number)
    const own = (value as { id?: unknown } | null)?.id
    if (typeof own === 'string' || typeof own === 'number') id = own
    if (asksCollective(value))
      return { id, ...answerCollective(readCollectiveRequest(value, where, tables.references), tables.collectives) }
    const { kind: _kind, schemaVersion: _version, ...prediction } = simulateRun(value, where, tables)
    return { id, ...prediction }
  } catch (error) {
    return { id, error: lineError(error, where) }
  }
}

const asksCollective = (value: unknown): boolean => typeof value === 'object' && value !== null && 'collective' in value

/** What was wrong with a line, as its answer tells it. */
export function lineError(error: unknown, where: string): Problem {
  if (error instanceof UserError) {
    const { code, message, where: at, expected, found, fix } = error.problems[0]
    return {
      ...{ code, message, where: at ?? where },
      ...(expected && { expected }),
      ...(found && { found }),
      ...(fix && { fix }),
    }
  }
  const message = error instanceof Error ? error.message : String(error)
  const code: ErrorCode = 'E900'
  return { code, message: error instanceof InternalError ? message : `a bug of ours: ${message}`, where }
}
