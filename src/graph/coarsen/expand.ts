import type { Coarsening } from './coarsening.js'

/** A placement of the coarse graph for the fine one: every op goes where its block went. */
export function expandPlacement({ coarseOf }: Coarsening, deviceOf: ReadonlyMap<string, number>): Map<string, number> {
  return new Map(
    [...coarseOf].flatMap(([op, coarse]) => (deviceOf.has(coarse) ? [[op, deviceOf.get(coarse)!] as const] : [])),
  )
}

/** A commit order of the coarse graph for the fine one; entries that are no ops (transfers of tensors, whose names stay) pass as they are. */
export function expandOrder<Transfer>(
  { members }: Coarsening,
  order: readonly (string | Transfer)[],
): (string | Transfer)[] {
  return order.flatMap((entry): readonly (string | Transfer)[] =>
    typeof entry === 'string' ? (members.get(entry) ?? [entry]) : [entry],
  )
}
