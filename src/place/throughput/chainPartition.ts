import { chainStates } from './chainStates.js'
import { floorMover } from './floorMover.js'
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
  const table = chainStates(lattice, resources, costs.options)
  const { stateCount, best, active } = table
  const full = lattice.count - 1
  const loads = new Float64Array(costs.options.length)
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
  const seen = new Int32Array(lattice.count).fill(-1)
  const grower: Grower = {
    enter(from, to, component) {
      if (seen[to] === from) return false
      seen[to] = from
      work += chunkWork
      costs.add(component)
      reach(from, to)
      if (!costs.isHopeless(bound)) return true
      costs.remove(component)
      return false
    },
    leave: (component) => costs.remove(component),
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
    growChunks(lattice, from, grower)
  }
  const isProved = work < mostWork
  const chunks = full === 0 ? [] : table.chain(full)
  return { ...(chunks && { chunks }), load: chunks ? (full === 0 ? 0 : bound) : limit, isProved, work }
}

interface Grower {
  /** The chunk grows by a component into the ideal `to`; false: it is as before, and no chunk above is of interest. */
  enter(from: number, to: number, component: number): boolean
  leave(component: number): void
}

/** Walks, depth first, the chunks that start at an ideal. */
function growChunks({ start, added, larger }: IdealLattice, from: number, grower: Grower): void {
  const path = [from]
  const next = [start[from]]
  while (path.length > 0) {
    const top = path.length - 1
    if (next[top] < start[path[top] + 1]) {
      const k = next[top]++
      if (!grower.enter(from, larger[k], added[k])) continue
      path.push(larger[k])
      next.push(start[larger[k]])
      continue
    }
    path.pop()
    next.pop()
    if (top > 0) grower.leave(added[next[top - 1] - 1])
  }
}
