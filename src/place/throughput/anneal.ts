import { randomStream } from '../improve/random.js'
import type { LoadProblem } from './loadProblem.js'
import { largestLoad, type PartitionState, partitionState } from './partitionState.js'

export interface AnnealOptions {
  readonly seed: number
  readonly moves: number
  /** Of the objective, relative: where the temperature starts and ends. */
  readonly hot: number
  readonly cold: number
}

export interface Partition {
  readonly unitOf: Int32Array
  /** Infinity: not within the limits. */
  readonly load: number
}

/** Exponent of the objective, the norm of the loads: near the largest load, yet every load that falls counts. */
const norm = 12
/** A unit over its memory counts as if its load were larger by this many times the excess. */
const excessWeight = 8
const largestCluster = 12

/**
 * Simulated annealing of the loads' norm. Moves: a block, or blocks that hang together within a unit, to the unit of a neighbour (mostly) or any;
 * one time in five, blocks of the target come back in exchange. Post: no worse than the start.
 */
export function anneal(loads: LoadProblem, start: Partition, options: AnnealOptions): Partition {
  const { seed, moves, hot, cold } = options
  const random = randomStream(seed)
  const state = partitionState(loads, start.unitOf)
  const scale = scaleOf(state)
  const term = (u: number) =>
    ((state.load[u] / scale) * (1 + excessWeight * state.excess(u)) + state.refused[u]) ** norm
  const terms = Float64Array.from(state.load, (_, u) => term(u))
  let current = terms.reduce((sum, each) => sum + each, 0)
  let best: Partition = { unitOf: start.unitOf.slice(), load: start.load }
  const moved: number[] = []
  const cameFrom: number[] = []
  const shift = (block: number, to: number) => {
    moved.push(block)
    cameFrom.push(state.unitOf[block])
    state.move(block, to)
  }
  for (let k = 0; k < moves; k++) {
    moved.length = 0
    cameFrom.length = 0
    const to = propose(loads, state, random, shift)
    if (to < 0) continue
    // Whatever moves, only these two units change.
    const from = cameFrom[0]
    const [fromTerm, toTerm] = [term(from), term(to)]
    const after = current + fromTerm - terms[from] + toTerm - terms[to]
    const temperature = hot * (cold / hot) ** (k / moves)
    // Compared as norms, so that the temperature is a share of the largest load.
    const rise = after <= current ? 0 : (after / current) ** (1 / norm) - 1
    if (rise > 0 && random() >= Math.exp(-rise / temperature)) {
      for (let i = moved.length - 1; i >= 0; i--) state.move(moved[i], cameFrom[i])
      continue
    }
    terms[from] = fromTerm
    terms[to] = toTerm
    // Summed anew now and then, so that rounding never adds up.
    current = k % 1024 === 0 ? terms.reduce((sum, each) => sum + each, 0) : after
    if (state.load[from] >= best.load || state.load[to] >= best.load) continue
    const load = largestLoad(state)
    if (load < best.load) best = { unitOf: state.unitOf.slice(), load }
  }
  return best
}

function scaleOf({ load }: PartitionState): number {
  return load.reduce((most, each) => Math.max(most, each), 0) || 1
}

/** Makes the move through `shift`; returns the unit that blocks go to, or -1 when none does. */
function propose(
  loads: LoadProblem,
  state: PartitionState,
  random: () => number,
  shift: (block: number, to: number) => void,
): number {
  const { unitOf, unitCount } = state
  const block = Math.floor(random() * loads.blockCount)
  const from = unitOf[block]
  const neighbour = random() < 0.75 ? neighbourOf(loads, block, random) : undefined
  const to =
    neighbour === undefined || unitOf[neighbour] === from ? Math.floor(random() * unitCount) : unitOf[neighbour]
  if (to === from) return -1
  for (const each of cluster(loads, unitOf, block, random)) shift(each, to)
  if (random() < 0.2) {
    const back = Math.floor(random() * loads.blockCount)
    if (unitOf[back] === to) for (const each of cluster(loads, unitOf, back, random)) shift(each, from)
  }
  return to
}

/** Up to a random number of blocks around one, all on its unit. */
function cluster(loads: LoadProblem, unitOf: Int32Array, block: number, random: () => number): readonly number[] {
  const size = random() < 0.5 ? 1 : 2 + Math.floor(random() * (largestCluster - 1))
  const found = [block]
  for (let tries = 0; found.length < size && tries < 2 * size; tries++) {
    const next = neighbourOf(loads, found[Math.floor(random() * found.length)], random)
    if (next !== undefined && unitOf[next] === unitOf[block] && !found.includes(next)) found.push(next)
  }
  return found
}

function neighbourOf(
  { blockStart, blockNet, netStart, netBlock }: LoadProblem,
  block: number,
  random: () => number,
): number | undefined {
  const nets = blockStart[block + 1] - blockStart[block]
  if (nets === 0) return undefined
  const e = blockNet[blockStart[block] + Math.floor(random() * nets)]
  const other = netBlock[netStart[e] + Math.floor(random() * (netStart[e + 1] - netStart[e]))]
  return other === block ? undefined : other
}
