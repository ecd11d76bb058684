import type { DecisionsDiff } from './types.js'

interface Mesh {
  readonly axes?: readonly string[]
  readonly shape?: readonly number[]
}

/** Axes whose degree differs, in the order of the base's axes and then the head's own. */
export function meshDiff(base: Mesh, head: Mesh): NonNullable<DecisionsDiff['mesh']> {
  const [old, now] = [degrees(base), degrees(head)]
  return [...new Set([...old.keys(), ...now.keys()])].flatMap((axis) =>
    old.get(axis) === now.get(axis) ? [] : [{ axis, base: old.get(axis), head: now.get(axis) }],
  )
}

function degrees({ axes = [], shape = [] }: Mesh): ReadonlyMap<string, number> {
  return new Map(axes.map((axis, i) => [axis, shape[i]]))
}
