import type { OpGraph } from '../opGraph.js'

/** A graph with groups of ops contracted to one node each; nodes can be joined further. */
export interface Quotient {
  /** The node that a part belongs to now. */
  find(part: number): number
  /**
   * No path leads from one node to the other, either way, except edges between the two: joining them makes no cycle.
   * Looks at no more than `most` edges and says no when they do not suffice.
   */
  onlyDirectly(a: number, b: number, most: number): { readonly isApart: boolean; readonly looked: number }
  join(into: number, part: number): void
}

export function quotient({ edgeFrom, edgeTo }: OpGraph, parts: Int32Array): Quotient {
  const next = new Map<number, Set<number>>()
  for (let e = 0; e < edgeTo.length; e++) {
    const from = parts[edgeFrom[e]]
    if (from !== parts[edgeTo[e]]) next.set(from, (next.get(from) ?? new Set()).add(parts[edgeTo[e]]))
  }
  const joined = new Map<number, number>()
  const find = (part: number): number => {
    let at = part
    for (let up = joined.get(at); up !== undefined; up = joined.get(at)) at = up
    return at
  }

  function leadsAround(from: number, to: number, most: number): { found: boolean; looked: number } {
    let looked = 0
    const seen = new Set([from])
    for (const node of seen) {
      for (const each of next.get(node) ?? []) {
        if (++looked > most) return { found: true, looked }
        const target = find(each)
        if (target === to && node !== from) return { found: true, looked }
        if (target !== to) seen.add(target)
      }
    }
    return { found: false, looked }
  }

  return {
    find,
    onlyDirectly(a, b, most) {
      const there = leadsAround(a, b, most)
      const back = there.found ? there : leadsAround(b, a, most - there.looked)
      return { isApart: !there.found && !back.found, looked: there.looked + (there.found ? 0 : back.looked) }
    },
    join(into, part) {
      const targets = next.get(into) ?? new Set<number>()
      for (const each of next.get(part) ?? []) targets.add(each)
      next.set(into, targets)
      joined.set(part, into)
    },
  }
}
