/** Adjacency that an ordering needs: edges sorted by `from`, so those of op i are outStart[i] .. outStart[i+1). */
export interface Adjacency {
  readonly opCount: number
  readonly outStart: Int32Array
  readonly edgeTo: Int32Array
}

/**
 * Orders ops so that each follows its predecessors (Kahn, first in first out, so by depth and then by number). Iterative: long chains are fine.
 * Returns the ordered ops only; fewer than opCount means that the rest sits on or behind a cycle (see `findCycle`).
 */
export function topologicalOrder({ opCount, outStart, edgeTo }: Adjacency): Int32Array {
  const waitingFor = new Int32Array(opCount)
  for (let e = 0; e < edgeTo.length; e++) waitingFor[edgeTo[e]]++
  const order = new Int32Array(opCount)
  let tail = 0
  for (let op = 0; op < opCount; op++) if (waitingFor[op] === 0) order[tail++] = op
  for (let head = 0; head < tail; head++) {
    const op = order[head]
    for (let e = outStart[op]; e < outStart[op + 1]; e++) if (--waitingFor[edgeTo[e]] === 0) order[tail++] = edgeTo[e]
  }
  return order.subarray(0, tail)
}

/** One cycle as a list of ops, each followed by a successor, the last by the first; empty when there is none. */
export function findCycle({ opCount, outStart, edgeTo }: Adjacency): number[] {
  const unseen = 0
  const onPath = 1
  const done = 2
  const state = new Uint8Array(opCount)
  const nextEdge = outStart.slice(0, opCount)
  for (let root = 0; root < opCount; root++) {
    if (state[root] !== unseen) continue
    const path = [root]
    state[root] = onPath
    while (path.length > 0) {
      const op = path[path.length - 1]
      if (nextEdge[op] === outStart[op + 1]) {
        state[op] = done
        path.pop()
        continue
      }
      const to = edgeTo[nextEdge[op]++]
      if (state[to] === onPath) return path.slice(path.indexOf(to))
      if (state[to] === unseen) {
        state[to] = onPath
        path.push(to)
      }
    }
  }
  return []
}
