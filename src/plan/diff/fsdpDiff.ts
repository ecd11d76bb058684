import type { FsdpDiff } from './types.js'
import { valueChanges } from './valueChanges.js'

interface Fsdp {
  readonly units?: readonly { readonly modules?: readonly string[] }[]
}

/** Units are told by their modules: one of others is another unit. */
export function fsdpDiff(base: Fsdp, head: Fsdp): FsdpDiff {
  const [old, now] = [byModules(base), byModules(head)]
  const only = (one: ReadonlyMap<string, object>, other: ReadonlyMap<string, object>) =>
    [...one.keys()].filter((name) => !other.has(name)).sort()
  return {
    base: base.units?.length ?? 0,
    head: head.units?.length ?? 0,
    added: only(now, old),
    removed: only(old, now),
    changed: [...old]
      .filter(([name, unit]) => now.has(name) && valueChanges(unit, now.get(name)!).length > 0)
      .map(([name]) => name)
      .sort(),
  }
}

/** The root, which holds what no other unit does, has the empty name. */
function byModules({ units = [] }: Fsdp): ReadonlyMap<string, object> {
  return new Map(units.map((unit) => [(unit.modules ?? []).map((name) => name || '(root)').join(' + '), unit]))
}
