/** A flow network for least cuts, built arc by arc; Dinic's algorithm (Soviet Math. Doklady 11, 1970). */
export interface FlowNetwork {
  arc(from: number, to: number, capacity: number): void
  /** Value of the least cut that parts the two nodes; flow of earlier calls is dropped. */
  leastCut(source: number, sink: number): { readonly value: number; readonly isSourceSide: (node: number) => boolean }
}

export function flowNetwork(nodeCount: number): FlowNetwork {
  const to: number[] = []
  const capacity: number[] = []
  const next: number[] = []
  const head = new Int32Array(nodeCount).fill(-1)
  const level = new Int32Array(nodeCount)
  const at = new Int32Array(nodeCount)
  const add = (from: number, target: number, room: number) => {
    next.push(head[from])
    head[from] = to.length
    to.push(target)
    capacity.push(room)
  }
  let room: Float64Array
  const search = (source: number, sink: number): boolean => {
    level.fill(-1)
    level[source] = 0
    const queue = [source]
    for (let k = 0; k < queue.length; k++)
      for (let a = head[queue[k]]; a >= 0; a = next[a])
        if (room[a] > 0 && level[to[a]] < 0) {
          level[to[a]] = level[queue[k]] + 1
          queue.push(to[a])
        }
    return level[sink] >= 0
  }
  return {
    arc(from, target, most) {
      add(from, target, most)
      add(target, from, 0)
    },
    leastCut(source, sink) {
      room = Float64Array.from(capacity)
      let value = 0
      while (search(source, sink)) {
        at.set(head)
        for (let pushed = push(source, sink); pushed > 0; pushed = push(source, sink)) value += pushed
      }
      const side = level.slice()
      return { value, isSourceSide: (node) => side[node] >= 0 }
    },
  }

  /** One augmenting path along falling levels, without recursion. */
  function push(source: number, sink: number): number {
    const path: number[] = []
    let node = source
    while (node !== sink) {
      while (at[node] >= 0 && !(room[at[node]] > 0 && level[to[at[node]]] === level[node] + 1))
        at[node] = next[at[node]]
      if (at[node] >= 0) {
        path.push(at[node])
        node = to[at[node]]
        continue
      }
      if (path.length === 0) return 0
      node = to[path.pop()! ^ 1]
      at[node] = next[at[node]]
    }
    let most = Number.POSITIVE_INFINITY
    for (const a of path) most = Math.min(most, room[a])
    for (const a of path) {
      room[a] -= most
      room[a ^ 1] += most
    }
    return most
  }
}
