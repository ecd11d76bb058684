/** A directed graph in compressed rows. */
export interface Arrows {
  readonly start: Int32Array
  readonly to: Int32Array
}

/**
 * Strongly connected components, numbered so that every arrow between two of them goes from the lower number to the higher.
 * Source: Tarjan, SIAM J. Computing 1 (2), 1972; without recursion.
 */
export function components(count: number, { start, to }: Arrows): { readonly of: Int32Array; readonly count: number } {
  const of = new Int32Array(count).fill(-1)
  const seen = new Int32Array(count).fill(-1)
  const low = new Int32Array(count)
  const next = start.slice(0, count)
  const open: number[] = []
  const path: number[] = []
  let time = 0
  let found = 0
  for (let root = 0; root < count; root++) {
    if (seen[root] >= 0) continue
    path.push(root)
    while (path.length > 0) {
      const v = path[path.length - 1]
      if (seen[v] < 0) {
        seen[v] = low[v] = time++
        open.push(v)
      }
      if (next[v] < start[v + 1]) {
        const w = to[next[v]++]
        if (seen[w] < 0) path.push(w)
        else if (of[w] < 0) low[v] = Math.min(low[v], seen[w])
        continue
      }
      path.pop()
      if (path.length > 0) low[path[path.length - 1]] = Math.min(low[path[path.length - 1]], low[v])
      if (low[v] < seen[v]) continue
      for (let w = open.pop()!; ; w = open.pop()!) {
        of[w] = found
        if (w === v) break
      }
      found++
    }
  }
  return { of: of.map((c) => found - 1 - c), count: found }
}

/** Arrows between numbers 0 .. count-1 without repeats or loops, both sides ascending. */
export function arrowsOf(count: number, from: readonly number[], to: readonly number[]): Arrows {
  const start = new Int32Array(count + 1)
  const order = from.map((_, k) => k).filter((k) => from[k] !== to[k])
  order.sort((a, b) => from[a] - from[b] || to[a] - to[b])
  const kept: number[] = []
  order.forEach((k, i) => {
    const before = order[i - 1]
    if (i > 0 && from[before] === from[k] && to[before] === to[k]) return
    kept.push(to[k])
    start[from[k] + 1]++
  })
  for (let v = 0; v < count; v++) start[v + 1] += start[v]
  return { start, to: Int32Array.from(kept) }
}

/** The same arrows the other way round. */
export function reversed(count: number, { start, to }: Arrows): Arrows {
  const from: number[] = []
  for (let v = 0; v < count; v++) for (let k = start[v]; k < start[v + 1]; k++) from.push(v)
  return arrowsOf(count, [...to], from)
}
