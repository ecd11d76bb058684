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
  readonly prefix: string
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
    const { prefix } = splitNumber(run[0].unit)
    const modules = run.length > 1 ? `${run[0].unit}-${splitNumber(run.at(-1)!.unit).digits}` : run[0].unit
    return { modules, prefix, moved: sum(run, 'moved'), of: sum(run, 'of') }
  })
}

/** Of too many groups, scattered ones are summed up first, and all of them only where that is not enough. */
function fewEnough(groups: readonly Joined[], sizes: ReadonlyMap<string, number>): readonly Joined[] {
  if (groups.length <= mostGroups) return groups
  const few = [
    ...groups.filter(isMostly),
    ...joinPrefixes(
      groups.filter((group) => !isMostly(group)),
      sizes,
    ),
  ]
  return few.length <= mostGroups ? few : joinPrefixes(groups, sizes)
}

function isMostly({ moved, of }: { readonly moved: number; readonly of: number }): boolean {
  return 2 * moved >= of
}

/** Groups of one prefix as one, out of all there are of that prefix. */
function joinPrefixes(groups: readonly Joined[], sizes: ReadonlyMap<string, number>): Joined[] {
  const totals = new Map<string, number>()
  for (const [unit, size] of sizes) count(totals, splitNumber(unit).prefix, size)
  const byPrefix = new Map<string, Joined[]>()
  for (const group of groups) {
    const list = byPrefix.get(group.prefix)
    if (list) list.push(group)
    else byPrefix.set(group.prefix, [group])
  }
  return [...byPrefix].map(([prefix, list]) =>
    list.length === 1 ? list[0] : { modules: `${prefix}*`, prefix, moved: sum(list, 'moved'), of: totals.get(prefix)! },
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
