import { type CalibrationEntry, type KnownStack, matchStack } from '../cost/training/index.js'

/** The known stacks and those that one has calibrated oneself: known by their names, with the habits of their families. */
export function withOwnStacks(
  known: readonly KnownStack[],
  own: readonly Pick<CalibrationEntry, 'stack'>[],
): readonly KnownStack[] {
  const names = new Set(own.map((entry) => entry.stack.toLowerCase()))
  for (const { name } of known) names.delete(name)
  return [...known, ...[...names].map((name) => ({ ...matchStack(known, name).habits, name, keywords: [] }))]
}
