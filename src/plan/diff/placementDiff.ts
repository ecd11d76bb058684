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
  let isOneWay = true
  for (const name of names) {
    const from = base[name]
    const to = Object.hasOwn(head, name) ? head[name] : null
    if (from !== to) moves.push([name, from, to])
    if (to !== null) isOneWay &&= (ways.get(from) ?? to) === to
    if (to !== null) ways.set(from, to)
  }
  for (const name of Object.keys(head)) {
    if (Object.hasOwn(base, name)) continue
    names.push(name)
    moves.push([name, null, head[name]])
  }
  moves.sort(byName)
  const counts = countMoves(moves)
  const renumbered = counts.moved > 0 && isOneWay && new Set(ways.values()).size === ways.size
  return { ...counts, of: names.length, renumbered, groups: foldMoves(names, moves, moduleOf), moves }
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
