import { type Problem, UserError } from '../../src/errors/index.js'

/** The problems of what must be refused. */
export function problemsOf(read: () => unknown): readonly Problem[] {
  try {
    read()
  } catch (error) {
    if (error instanceof UserError) return error.problems
    throw error
  }
  throw new Error('nothing was refused')
}

/** What a file that is wrong may hold. */
// biome-ignore lint/suspicious/noExplicitAny: tests break samples in ways that no type describes
export type Loose = any

/** A copy of a sample with something changed. */
export function changed(sample: unknown, edit: (copy: Loose) => void): unknown {
  const copy: Loose = structuredClone(sample)
  edit(copy)
  return copy
}
