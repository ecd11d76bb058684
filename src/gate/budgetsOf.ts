import type { Budgets } from './types.js'

/** The budgets of a plan: its own, and where it has none of a name, those for all. */
export function budgetsOf(name: string, all: Readonly<Record<string, Budgets>>): Budgets {
  const own = Object.hasOwn(all, name) ? all[name] : {}
  return { ...all['*'], ...Object.fromEntries(Object.entries(own).filter(([, budget]) => budget !== undefined)) }
}
