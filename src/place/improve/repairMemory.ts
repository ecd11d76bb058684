import { memoryPeaks, opOrder, replay, type SchedulingProblem } from '../../schedule/index.js'
import type { MapAndOrder } from './annealMoves.js'
import { neighbourDevice } from './neighbours.js'
import { randomStream } from './random.js'
import { mayRun, type Units } from './units.js'

export interface RepairOptions {
  readonly seed: number
  /** Schedules tried. */
  readonly trials: number
}

/** Share of the makespan in the cost, beside bytes over the limits as shares of them: a tie-breaker. */
const makespanWeight = 0.02
const hot = 0.02
const coolingFactor = 200

/**
 * Local search for a legal schedule from one that passes memory limits: moves of units off the fullest device, and of ops earlier or later in the order, judged
 * by the exact memory account. Returns the first that fits, or undefined after so many trials.
 */
export function repairMemory(
  problem: SchedulingProblem,
  units: Units,
  start: MapAndOrder,
  options: RepairOptions,
): MapAndOrder | undefined {
  const { graph, deviceCount } = problem
  const random = randomStream(options.seed)
  const deviceOf = start.deviceOf.slice()
  const order = start.order.slice()
  const firstMakespan = replay(problem, deviceOf, opOrder(order)).makespan
  const positionOf = new Int32Array(order.length)
  order.forEach((op, k) => {
    positionOf[op] = k
  })
  const evaluate = () => {
    const schedule = replay(problem, deviceOf, opOrder(order))
    const peaks = memoryPeaks(problem, schedule)
    let over = 0
    let worst = 0
    for (let d = 0; d < deviceCount; d++) {
      const excess = peaks[d] / problem.memoryLimits[d] - 1
      if (excess > 0) over += excess
      if (peaks[d] / problem.memoryLimits[d] > peaks[worst] / problem.memoryLimits[worst]) worst = d
    }
    return { over, worst, cost: over + (makespanWeight * schedule.makespan) / Math.max(1, firstMakespan) }
  }
  let now = evaluate()
  for (let k = 0; k < options.trials && now.over > 0; k++) {
    const temperature = hot * coolingFactor ** (-k / options.trials)
    const undo = random() < 0.6 ? tryMove() : tryShift()
    if (!undo) continue
    const next = evaluate()
    if (next.cost <= now.cost - temperature * Math.log(1 - random())) now = next
    else undo()
  }
  return now.over > 0 ? undefined : { deviceOf, order }

  function tryMove(): (() => void) | undefined {
    let op = Math.floor(random() * order.length)
    for (let j = 0; j < 8 && deviceOf[op] !== now.worst; j++) op = Math.floor(random() * order.length)
    const from = deviceOf[op]
    const to = random() < 0.5 ? neighbourDevice(graph, deviceOf, op, random) : Math.floor(random() * deviceCount)
    if (to < 0 || to === from || !mayRun(problem, op, to)) return undefined
    const unit = units.unitOf[op]
    const relocate = (device: number) => {
      for (let j = units.start[unit]; j < units.start[unit + 1]; j++) deviceOf[units.ops[j]] = device
    }
    relocate(to)
    return () => relocate(from)
  }

  /** Moves an op to a random place between its last predecessor and its first successor in the order. */
  function tryShift(): (() => void) | undefined {
    const from = Math.floor(random() * order.length)
    const op = order[from]
    let low = 0
    for (let j = graph.inStart[op]; j < graph.inStart[op + 1]; j++)
      low = Math.max(low, positionOf[graph.edgeFrom[graph.inEdge[j]]] + 1)
    let high = order.length - 1
    for (let e = graph.outStart[op]; e < graph.outStart[op + 1]; e++)
      high = Math.min(high, positionOf[graph.edgeTo[e]] - 1)
    const to = low + Math.floor(random() * (high - low + 1))
    if (to === from) return undefined
    shift(from, to)
    return () => shift(to, from)
  }

  function shift(from: number, to: number): void {
    const op = order[from]
    if (from < to) order.copyWithin(from, from + 1, to + 1)
    else order.copyWithin(to + 1, to, from)
    order[to] = op
    for (let j = Math.min(from, to); j <= Math.max(from, to); j++) positionOf[order[j]] = j
  }
}
