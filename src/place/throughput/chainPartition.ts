import type { IdealLattice } from './idealLattice.js'

/** One way to run a chunk: takes `amount` of a resource (a class of devices) off what is left. */
export interface ChunkOption {
  readonly resource: number
  readonly amount: number
}

/** What a chunk (the components between two ideals) costs, kept up to date while it grows and shrinks by one component. */
export interface ChunkCosts {
  readonly options: readonly ChunkOption[]
  /** Components that enter or leave the ideal below the chunk, while the chunk is empty. */
  raiseFloor(component: number): void
  lowerFloor(component: number): void
  add(component: number): void
  remove(component: number): void
  /** The load of the chunk between two ideals under each option; Infinity where it may not run so. */
  loads(from: number, to: number, into: Float64Array): void
  /** May the chunk that `loads` was last asked of run so with these resources left, its own included? Absent: always. */
  allows?(option: number, left: readonly number[]): boolean
  /** No larger chunk has a load below the limit, under any option. */
  isHopeless(limit: number): boolean
  /** Asked only of chunks that would improve something. */
  isLegal?(): boolean
  /** Can what lies above the ideal still be done below the limit with these resources left? */
  canFinish(ideal: number, left: readonly number[], limit: number): boolean
}

export interface Chunk {
  readonly from: number
  readonly to: number
  readonly option: number
}

export interface ChainPartition {
  /** The best chain whose largest load is below the limit, first chunk first; absent: none was found. */
  readonly chunks?: readonly Chunk[]
  readonly load: number
  /** The search saw everything: the chain is the best one, or there is none below the limit. */
  readonly isProved: boolean
  /** Chunks looked at, those of many states several times. */
  readonly work: number
}

/** As many pairs of state and option cost as much as one chunk. */
const statesPerWork = 32

/**
 * The chain of ideals from the empty to the full one with the least largest chunk load, given how much of each resource there is:
 * dynamic programming over (ideal, resources used). Chunks grow upwards from each ideal and are given up once they cannot come below the
 * limit, which falls with every complete chain.
 *
 * Post: the loads of the chunks are below `limit`. Source: Tarnawski et al. 2020, section 4.
 */
export function chainPartition(
  lattice: IdealLattice,
  resources: readonly number[],
  costs: ChunkCosts,
  limit: number,
  mostWork: number,
): ChainPartition {
  const table = stateTable(lattice, resources, costs.options)
  const { stateCount, best, active } = table
  const full = lattice.count - 1
  const loads = new Float64Array(costs.options.length)
  const seen = new Int32Array(lattice.count).fill(-1)
  const chunkWork = 1 + Math.floor((stateCount * loads.length) / statesPerWork)
  let bound = limit
  let work = 0
  const reach = (from: number, to: number) => {
    costs.loads(from, to, loads)
    let isLegal: boolean | undefined
    for (let o = 0; o < loads.length; o++) {
      if (!(loads[o] < bound)) continue
      for (let s = 0; s < stateCount; s++) {
        const next = table.nextState[s * loads.length + o]
        const before = best[from * stateCount + s]
        if (next < 0 || !active[s] || !(before < bound)) continue
        const load = Math.max(before, loads[o])
        if (!(load < best[to * stateCount + next])) continue
        if (costs.allows && !costs.allows(o, table.left[s])) continue
        isLegal ??= costs.isLegal?.() ?? true
        if (!isLegal) return
        table.record(to, next, load, from, s, o)
        if (to === full && load < bound) bound = load
      }
    }
  }
  const grow = (from: number) => {
    const path = [from]
    const next = [lattice.start[from]]
    while (path.length > 0) {
      const top = path.length - 1
      const at = path[top]
      if (next[top] === lattice.start[at + 1]) {
        path.pop()
        next.pop()
        if (top > 0) costs.remove(lattice.added[next[top - 1] - 1])
        continue
      }
      const k = next[top]++
      const to = lattice.larger[k]
      if (seen[to] === from) continue
      seen[to] = from
      work += chunkWork
      costs.add(lattice.added[k])
      reach(from, to)
      if (costs.isHopeless(bound)) costs.remove(lattice.added[k])
      else {
        path.push(to)
        next.push(lattice.start[to])
      }
    }
  }
  const floor = floorMover(lattice, costs)
  for (let from = 0; from < full && work < mostWork; from++) {
    let isUseful = false
    for (let s = 0; s < stateCount; s++) {
      active[s] = best[from * stateCount + s] < bound && costs.canFinish(from, table.left[s], bound) ? 1 : 0
      if (active[s]) isUseful = true
    }
    if (!isUseful) continue
    floor(from)
    grow(from)
  }
  const isProved = work < mostWork
  const chunks = full === 0 ? [] : table.chain(full)
  return { ...(chunks && { chunks }), load: chunks ? (full === 0 ? 0 : bound) : limit, isProved, work }
}

/** Keeps the costs' floor at one ideal, moving through as few components as the parents allow. */
export function floorMover(
  { size, parent, last }: IdealLattice,
  costs: Pick<ChunkCosts, 'raiseFloor' | 'lowerFloor'>,
): (ideal: number) => void {
  let at = 0
  return (ideal) => {
    const up: number[] = []
    let target = ideal
    while (at !== target) {
      if (size[target] >= size[at]) {
        up.push(last[target])
        target = parent[target]
      } else {
        costs.lowerFloor(last[at])
        at = parent[at]
      }
    }
    for (let k = up.length - 1; k >= 0; k--) costs.raiseFloor(up[k])
    at = ideal
  }
}

/** States are the resources used, in mixed radix; best[ideal x states + state] is the least largest load that gets there. */
function stateTable(lattice: IdealLattice, resources: readonly number[], options: readonly ChunkOption[]) {
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
