import { moduleUnit, splitNumber } from './moduleUnit.js'
import type { Move, MoveGroup } from './types.js'

/**
 * Thousands of moves as a few lines: counted by module and way, then neighbouring numbers of a module joined (transformer.h.3, .4 and .5 become
 * transformer.h.3-5), modules that moved for the most part apart from those that hardly did. A way that still has many groups is told by what their names begin with: node_Conv_*.
 * Sorted by size, then way, then name.
 */
export function foldMoves(
  names: Iterable<string>,
  moves: readonly Move[],
  moduleOf: (name: string) => string | undefined,
): MoveGroup[] {
  if (moves.length === 0) return []
  const unitOf = (name: string) => moduleUnit(moduleOf(name) || name)
  const sizes = new Map<string, number>()
  for (const name of names) count(sizes, unitOf(name))
  const neighbours = numberedNeighbours(sizes.keys())
  const groups: MoveGroup[] = []
  for (const { from, to, units } of byWay(moves, unitOf).values()) {
    const parts = [...units].map(([unit, moved]) => ({ unit, moved, of: sizes.get(unit)! }))
    const joined = joinRanges(parts, neighbours)
    for (const { modules, moved, of } of fewEnough(joined, sizes)) groups.push({ modules, from, to, count: moved, of })
  }
  return groups.sort(
    (a, b) => b.count - a.count || inOrder(a.from, b.from) || inOrder(a.to, b.to) || (a.modules < b.modules ? -1 : 1),
  )
}

/** A person reads so many lines of one way before he wants their sum. */
const mostGroups = 8

interface Part {
  readonly unit: string
  readonly moved: number
  readonly of: number
}

interface Joined {
  readonly modules: string
  /** The first unit of a range. */
  readonly first: string
  readonly moved: number
  readonly of: number
}

interface Way {
  readonly from: number | null
  readonly to: number | null
  readonly units: Map<string, number>
}

function byWay(moves: readonly Move[], unitOf: (name: string) => string): ReadonlyMap<string, Way> {
  const ways = new Map<string, Way>()
  for (const [name, from, to] of moves) {
    const key = `${from} ${to}`
    let way = ways.get(key)
    if (!way) {
      way = { from, to, units: new Map() }
      ways.set(key, way)
    }
    count(way.units, unitOf(name))
  }
  return ways
}

/** Of every numbered unit, its place among those of the same prefix: a range may skip numbers that no unit has. */
function numberedNeighbours(units: Iterable<string>): ReadonlyMap<string, number> {
  const byPrefix = new Map<string, string[]>()
  for (const unit of units) {
    const { prefix, digits } = splitNumber(unit)
    if (digits) byPrefix.set(prefix, [...(byPrefix.get(prefix) ?? []), unit])
  }
  const places = new Map<string, number>()
  for (const list of byPrefix.values()) {
    list.sort(byNumber).forEach((unit, place) => {
      places.set(unit, place)
    })
  }
  return places
}

function joinRanges(parts: readonly Part[], places: ReadonlyMap<string, number>): Joined[] {
  const sorted = [...parts].sort((a, b) => byNumber(a.unit, b.unit))
  const runs: Part[][] = []
  for (const part of sorted) {
    const run = runs.at(-1)
    const last = run?.at(-1)
    const joins =
      last !== undefined &&
      isMostly(last) === isMostly(part) &&
      places.has(part.unit) &&
      splitNumber(last.unit).prefix === splitNumber(part.unit).prefix &&
      places.get(last.unit) === places.get(part.unit)! - 1
    if (joins) run!.push(part)
    else runs.push([part])
  }
  return runs.map((run) => {
    const modules = run.length > 1 ? `${run[0].unit}-${splitNumber(run.at(-1)!.unit).digits}` : run[0].unit
    return { modules, first: run[0].unit, moved: sum(run, 'moved'), of: sum(run, 'of') }
  })
}

/** Of too many groups, scattered ones are summed up, more and more coarsely, and all of them only where that is not enough. */
function fewEnough(groups: readonly Joined[], sizes: ReadonlyMap<string, number>): readonly Joined[] {
  if (groups.length <= mostGroups) return groups
  const kept = groups.filter(isMostly)
  const scattered = groups.filter((group) => !isMostly(group))
  for (const [stay, join] of [[kept, scattered] as const, [[], groups] as const]) {
    for (const beginning of beginnings) {
      const few = [...stay, ...joinBeginnings(join, sizes, beginning)]
      if (few.length <= mostGroups) return few
    }
  }
  return joinBeginnings(groups, sizes, () => '')
}

/** What groups are summed up by: the name without its number, then its first step without. */
const beginnings = [
  (unit: string) => splitNumber(unit).prefix,
  (unit: string) => splitNumber(/^[./]*[^./]*/.exec(unit)![0]).prefix,
] as const

function isMostly({ moved, of }: { readonly moved: number; readonly of: number }): boolean {
  return 2 * moved >= of
}

/** Groups that begin alike as one, out of all there are that begin so. */
function joinBeginnings(
  groups: readonly Joined[],
  sizes: ReadonlyMap<string, number>,
  beginning: (unit: string) => string,
): Joined[] {
  const totals = new Map<string, number>()
  for (const [unit, size] of sizes) count(totals, beginning(unit), size)
  const alike = new Map<string, Joined[]>()
  for (const group of groups) {
    const list = alike.get(beginning(group.first))
    if (list) list.push(group)
    else alike.set(beginning(group.first), [group])
  }
  return [...alike].map(([start, list]) =>
    list.length === 1
      ? list[0]
      : { modules: `${start}*`, first: list[0].first, moved: sum(list, 'moved'), of: totals.get(start)! },
  )
}

function byNumber(a: string, b: string): number {
  const [one, other] = [splitNumber(a), splitNumber(b)]
  if (one.prefix !== other.prefix) return one.prefix < other.prefix ? -1 : 1
  return Number(one.digits) - Number(other.digits) || (a < b ? -1 : 1)
}

function inOrder(a: number | null, b: number | null): number {
  return (a ?? -1) - (b ?? -1)
}

function count(counts: Map<string, number>, key: string, by = 1): void {
  counts.set(key, (counts.get(key) ?? 0) + by)
}

function sum<K extends string>(list: readonly Readonly<Record<K, number>>[], key: K): number {
  return list.reduce((total, each) => total + each[key], 0)
}
