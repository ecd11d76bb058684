import type { OrderEntry } from '../types.js'
import type { OrderDiff } from './types.js'

/**
 * Two commit orders: the fewest entries that must leave the base and enter the head. What stays is a longest common subsequence, which for entries
 * that occur once is a longest increasing run of positions (patience sorting, n log n).
 */
export function orderDiff(base: readonly OrderEntry[], head: readonly OrderEntry[]): OrderDiff {
  const target = positionsIn(base, head, equalStart(base, head))
  const stays = increasing(target)
  const isKept = new Uint8Array(head.length)
  const common = new Uint8Array(head.length)
  const removedAt: number[] = []
  let moved = 0
  for (let i = 0; i < base.length; i++) {
    const at = target[i]
    if (at >= 0) common[at] = 1
    if (stays[i]) isKept[at] = 1
    else {
      removedAt.push(i)
      if (at >= 0) moved++
    }
  }
  const insertedAt: (readonly [number, OrderEntry])[] = []
  let added = 0
  for (let k = 0; k < head.length; k++) {
    if (isKept[k]) continue
    insertedAt.push([k, head[k]])
    if (!common[k]) added++
  }
  const removed = removedAt.length - moved
  return { moved, added, removed, of: base.length + added, removedAt, insertedAt }
}

/** Where each entry of the base stands in the head, -1 for nowhere; an entry that occurs twice is matched in turn. */
function positionsIn(base: readonly OrderEntry[], head: readonly OrderEntry[], start: number): Int32Array {
  const ops = new Map<string, number>()
  const transfers = new Map<string, number>()
  const find = (entry: OrderEntry) =>
    typeof entry === 'string' ? ([ops, entry] as const) : ([transfers, transferKey(entry)] as const)
  const next = new Int32Array(head.length)
  for (let k = head.length - 1; k >= start; k--) {
    const [positions, key] = find(head[k])
    next[k] = positions.get(key) ?? -1
    positions.set(key, k)
  }
  return Int32Array.from(base, (entry, i) => {
    if (i < start) return i
    const [positions, key] = find(entry)
    const at = positions.get(key) ?? -1
    if (at >= 0) positions.set(key, next[at])
    return at
  })
}

/** As far as both are the same, nothing has to be looked up. */
function equalStart(base: readonly OrderEntry[], head: readonly OrderEntry[]): number {
  const length = Math.min(base.length, head.length)
  let k = 0
  while (k < length && isSame(base[k], head[k])) k++
  return k
}

function isSame(a: OrderEntry, b: OrderEntry): boolean {
  return a === b || (typeof a !== 'string' && typeof b !== 'string' && a[0] === b[0] && a[1] === b[1])
}

function transferKey([tensor, to]: readonly [string, number]): string {
  return `${to} ${tensor}`
}

/** Marks a longest increasing subsequence of the entries that are not negative. */
function increasing(values: Int32Array): Uint8Array {
  const tails = new Int32Array(values.length)
  const before = new Int32Array(values.length)
  let length = 0
  for (let i = 0; i < values.length; i++) {
    if (values[i] < 0) continue
    let [low, high] = [0, length]
    while (low < high) {
      const middle = (low + high) >> 1
      if (values[tails[middle]] < values[i]) low = middle + 1
      else high = middle
    }
    before[i] = low > 0 ? tails[low - 1] : -1
    tails[low] = i
    if (low === length) length++
  }
  const marks = new Uint8Array(values.length)
  for (let i = length > 0 ? tails[length - 1] : -1; i >= 0; i = before[i]) marks[i] = 1
  return marks
}
