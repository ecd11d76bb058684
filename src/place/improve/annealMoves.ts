import type { OpGraph } from '../../graph/index.js'
import { memoryPeaks, type SchedulingProblem, upwardRanks } from '../../schedule/index.js'
import { needsMemoryFilter } from '../memoryFilter.js'
import { MoveSearch } from './moveSearch.js'
import { neighbourDevice } from './neighbours.js'
import { randomStream } from './random.js'
import { mayRun, type Units } from './units.js'

export interface AnnealOptions {
  readonly seed: number
  /** Work: ops committed by trials. */
  readonly commits: number
  /** Ends at a makespan of this or less. */
  readonly enoughTicks?: number
  /** Start temperature as a share of the makespan; the end is a twentieth of it. */
  readonly hot: number
}

export interface MapAndOrder {
  readonly deviceOf: Int32Array
  readonly order: Int32Array
}

const coolingFactor = 20
/** Share of the even traffic load that joins the makespan in the cost. */
const trafficShare = 0.05
const largestSet = 12

/**
 * Simulated annealing on the real schedule: an op, or a connected set of ops of one device, moves to another device. Never leaves the memory limits.
 * Returns the shortest met, which is the start if nothing was better.
 */
export function annealMoves(
  problem: SchedulingProblem,
  units: Units,
  start: MapAndOrder,
  options: AnnealOptions,
): MapAndOrder & { readonly makespan: number } {
  const { graph, deviceCount } = problem
  const { enoughTicks = 0 } = options
  const random = randomStream(options.seed)
  const search = new MoveSearch(problem, start.deviceOf, start.order, leastTails(problem), trafficShare)
  const isLimited = needsMemoryFilter(problem)
  let best = snapshot(search)
  const set: number[] = []
  for (let tries = 0; search.commits < options.commits && tries < options.commits; tries++) {
    if (best.makespan <= enoughTicks) break
    const heat = options.hot * coolingFactor ** (-search.commits / options.commits)
    const threshold = search.cost - search.makespan * heat * Math.log(1 - random())
    const op = Math.floor(random() * graph.ops.length)
    const from = search.deviceOf[op]
    const to = random() < 0.7 ? neighbourDevice(graph, search.deviceOf, op, random) : Math.floor(random() * deviceCount)
    if (to < 0 || to === from) continue
    const size = random() < 0.5 ? 1 : 2 + Math.floor(random() * (largestSet - 1))
    connectedSet(graph, units, search.deviceOf, op, size, random, set)
    if (!set.every((each) => mayRun(problem, each, to))) continue
    const first = relocate(search, set, to)
    if (search.trial(first, threshold) > threshold || (isLimited && !fits(problem, search))) {
      relocate(search, set, from)
      continue
    }
    search.settle(first)
    if (search.makespan < best.makespan) best = snapshot(search)
  }
  return best
}

/** Moves the set; returns its first position in the order. */
function relocate({ deviceOf, positionOf }: MoveSearch, set: readonly number[], to: number): number {
  let first = Number.POSITIVE_INFINITY
  for (const op of set) {
    deviceOf[op] = to
    if (positionOf[op] < first) first = positionOf[op]
  }
  return first
}

function fits(problem: SchedulingProblem, search: MoveSearch): boolean {
  return memoryPeaks(problem, search.schedule()).every((bytes, d) => bytes <= problem.memoryLimits[d])
}

function snapshot({ deviceOf, order, makespan }: MoveSearch): MapAndOrder & { readonly makespan: number } {
  return { deviceOf: deviceOf.slice(), order: order.slice(), makespan }
}

/** Least ticks from each op's end to the end of the graph: every op at its fastest, transfers free. */
function leastTails(problem: SchedulingProblem): Float64Array {
  const fastest = { ...problem, opTicks: [leastTicks(problem)], kindOf: new Int32Array(problem.deviceCount) }
  return upwardRanks(fastest, 0).map((rank, op) => rank - fastest.opTicks[0][op])
}

function leastTicks({ opTicks, graph }: SchedulingProblem): Float64Array {
  return Float64Array.from(graph.ops, (_, op) =>
    opTicks.reduce(
      (least, column) => (column[op] >= 0 && column[op] < least ? column[op] : least),
      Number.POSITIVE_INFINITY,
    ),
  )
}

/** Ops of the seed's device that hang together with it, breadth first, about `size` of them; groups whole. */
function connectedSet(
  graph: OpGraph,
  units: Units,
  deviceOf: Int32Array,
  seed: number,
  size: number,
  random: () => number,
  set: number[],
): void {
  set.length = 0
  const add = (op: number) => {
    const unit = units.unitOf[op]
    for (let k = units.start[unit]; k < units.start[unit + 1]; k++) set.push(units.ops[k])
  }
  const consider = (op: number) => {
    if (set.length < size && deviceOf[op] === deviceOf[seed] && random() < 0.7 && !set.includes(op)) add(op)
  }
  add(seed)
  for (let k = 0; k < set.length && set.length < size; k++) {
    const op = set[k]
    for (let j = graph.inStart[op]; j < graph.inStart[op + 1]; j++) consider(graph.edgeFrom[graph.inEdge[j]])
    for (let e = graph.outStart[op]; e < graph.outStart[op + 1]; e++) consider(graph.edgeTo[e])
  }
}
