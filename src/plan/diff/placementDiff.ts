import { foldMoves } from './foldMoves.js'
import type { Move, MoveCounts, PlacementDiff } from './types.js'

/** Ops whose device differs, and those that only one plan places. */
export function placementDiff(
  base: Readonly<Record<string, number>>,
  head: Readonly<Record<string, number>>,
  moduleOf: (name: string) => string | undefined,
): PlacementDiff {
  const moves: Move[] = []
  const names = Object.keys(base)
  const ways = new Map<number, number>()
  let [isOneWay, common] = [true, 0]
  for (const name of names) {
    const from = base[name]
    const to = deviceOf(head, name)
    if (from !== to) moves.push([name, from, to])
    if (to === null) continue
    common++
    isOneWay &&= (ways.get(from) ?? to) === to
    ways.set(from, to)
  }
  const headNames = Object.keys(head)
  if (common < headNames.length)
    for (const name of headNames) {
      if (deviceOf(base, name) !== null) continue
      names.push(name)
      moves.push([name, null, head[name]])
    }
  moves.sort(byName)
  const counts = countMoves(moves)
  const renumbered = counts.moved > 0 && isOneWay && new Set(ways.values()).size === ways.size
  return { ...counts, of: names.length, renumbered, groups: foldMoves(names, moves, moduleOf), moves }
}

/** One look-up: what every object inherits is no number. */
function deviceOf(placement: Readonly<Record<string, unknown>>, name: string): number | null {
  const device = placement[name]
  return typeof device === 'number' ? device : null
}

export function countMoves(moves: readonly Move[]): MoveCounts {
  let [moved, added, removed] = [0, 0, 0]
  for (const [, from, to] of moves) {
    if (from === null) added++
    else if (to === null) removed++
    else moved++
  }
  return { moved, added, removed }
}

export function byName([a]: Move, [b]: Move): number {
  return a < b ? -1 : a > b ? 1 : 0
}
