import type { Chunk, ChunkOption } from './chainPartition.js'
import type { IdealLattice } from './idealLattice.js'

/** States are the resources used, in mixed radix; best[ideal x states + state] is the least largest load that gets there. */
export function chainStates(lattice: IdealLattice, resources: readonly number[], options: readonly ChunkOption[]) {
  // No more chunks than components, each taking its largest amount.
  const counts = resources.map((count, r) => {
    const most = Math.max(...options.map(({ resource, amount }) => (resource === r ? amount : 0)))
    return Math.min(count, most * lattice.componentCount)
  })
  const stateCount = counts.reduce((product, count) => product * (count + 1), 1)
  const radix = counts.map((_, r) => counts.slice(0, r).reduce((product, count) => product * (count + 1), 1))
  const used = (s: number, r: number) => Math.floor(s / radix[r]) % (counts[r] + 1)
  const left = Array.from({ length: stateCount }, (_, s) => counts.map((count, r) => count - used(s, r)))
  const nextState = new Int32Array(stateCount * options.length)
  for (let s = 0; s < stateCount; s++)
    options.forEach(({ resource, amount }, o) => {
      nextState[s * options.length + o] = left[s][resource] >= amount ? s + amount * radix[resource] : -1
    })
  const best = new Float64Array(lattice.count * stateCount).fill(Number.POSITIVE_INFINITY)
  best[0] = 0
  const fromIdeal = new Int32Array(best.length)
  const fromState = new Int32Array(best.length)
  const byOption = new Uint16Array(best.length)
  return {
    stateCount,
    best,
    left,
    nextState,
    active: new Uint8Array(stateCount),
    record(to: number, state: number, load: number, from: number, before: number, option: number): void {
      const at = to * stateCount + state
      best[at] = load
      fromIdeal[at] = from
      fromState[at] = before
      byOption[at] = option
    },
    chain(full: number): Chunk[] | undefined {
      let state = -1
      for (let s = 0; s < stateCount; s++) {
        const load = best[full * stateCount + s]
        if (Number.isFinite(load) && (state < 0 || load < best[full * stateCount + state])) state = s
      }
      if (state < 0) return undefined
      const chunks: Chunk[] = []
      for (let to = full; to > 0; ) {
        const at = to * stateCount + state
        chunks.push({ from: fromIdeal[at], to, option: byOption[at] })
        state = fromState[at]
        to = fromIdeal[at]
      }
      return chunks.reverse()
    },
  }
}
