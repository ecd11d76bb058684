/** Disjoint sets of the numbers below `count`, by path compression. */
export function unionFind(count: number): { find(k: number): number; join(a: number, b: number): void } {
  const parent = Int32Array.from({ length: count }, (_, k) => k)
  const find = (k: number): number => {
    let root = k
    while (parent[root] !== root) root = parent[root]
    for (let at = k; parent[at] !== root; ) {
      const next = parent[at]
      parent[at] = root
      at = next
    }
    return root
  }
  return {
    find,
    join: (a, b) => {
      parent[find(a)] = find(b)
    },
  }
}
