import type { OpGraph } from '../opGraph.js'

/**
 * The colocation group of each part: parts that hold ops of one group stay together, and a part ties the groups of all its ops. Named
 * after the least of the groups it unites; parts with no grouped op have none.
 */
export function mergeGroups({ groupOf, groupNames }: OpGraph, parts: Int32Array): ReadonlyMap<number, string> {
  const leader = Int32Array.from(groupNames, (_, group) => group)
  const find = (group: number): number => {
    let at = group
    while (leader[at] !== at) at = leader[at] = leader[leader[at]]
    return at
  }
  const firstGroup = new Map<number, number>()
  groupOf.forEach((group, op) => {
    if (group < 0) return
    const first = firstGroup.get(parts[op]) ?? group
    firstGroup.set(parts[op], first)
    // Groups are numbered by name: the least stays the leader.
    const [a, b] = [find(first), find(group)]
    leader[Math.max(a, b)] = Math.min(a, b)
  })
  return new Map([...firstGroup].map(([part, group]) => [part, groupNames[find(group)]]))
}
