import type { OpGraph } from '../graph/index.js'
import { completeOrder, memoryPeaks, opOrder, replay, type SchedulingProblem } from '../schedule/index.js'
import type { Attempt } from './placement.js'

/**
 * m-TOPO (Baechi, SoCC 2020, section 3.1.1): walk the ops in topological order and fill one device after the other up to an even share of
 * the bytes (mean plus largest), a colocation group going whole with its first op. Baechi's share ignores the device's limit; ours is capped by it,
 * and an op that no later device can take goes to any earlier one that can.
 */
export function placeTopo(problem: SchedulingProblem): Attempt {
  const { graph, deviceCount, memoryLimits } = problem
  const units = unitsInOrder(graph)
  const largest = units.reduce((most, unit) => Math.max(most, unit.bytes), 0)
  const total = units.reduce((sum, unit) => sum + unit.bytes, 0)
  const share = Math.floor(total / deviceCount) + largest
  const filled = new Float64Array(deviceCount)
  const deviceOf = new Int32Array(graph.ops.length)
  let current = 0
  let placedOps = 0
  for (const unit of units) {
    const fits = (d: number, cap: number) =>
      filled[d] + unit.bytes <= Math.min(cap, memoryLimits[d]) &&
      unit.ops.every((op) => problem.opTicks[problem.kindOf[d]][op] >= 0)
    while (current < deviceCount - 1 && !fits(current, share)) current++
    let device = current
    if (!fits(current, Number.POSITIVE_INFINITY))
      device = mostRoom(problem, filled, (d) => fits(d, Number.POSITIVE_INFINITY))
    if (device < 0) return { miss: nearestMiss(problem, unit, filled, placedOps) }
    filled[device] += unit.bytes
    for (const op of unit.ops) deviceOf[op] = device
    placedOps += unit.ops.length
  }
  const order = opOrder(completeOrder(problem, deviceOf))
  const schedule = replay(problem, deviceOf, order)
  return { placement: { placer: 'topo', deviceOf, order, schedule, peakBytes: memoryPeaks(problem, schedule) } }
}

/** Ops that go together, and their d_i = permanent + temporary + outputs. */
interface Unit {
  readonly ops: readonly number[]
  readonly bytes: number
}

function unitsInOrder(graph: OpGraph): Unit[] {
  const members = graph.groupNames.map(() => [] as number[])
  for (const op of graph.topologicalOrder) if (graph.groupOf[op] >= 0) members[graph.groupOf[op]].push(op)
  const units: Unit[] = []
  for (const op of graph.topologicalOrder) {
    const group = graph.groupOf[op]
    const ops = group < 0 ? [op] : members[group]
    if (ops[0] === op) units.push({ ops, bytes: ops.reduce((sum, each) => sum + opBytes(graph, each), 0) })
  }
  return units
}

function opBytes(graph: OpGraph, op: number): number {
  let bytes = graph.parameterBytes[op] + graph.temporaryBytes[op]
  for (let k = graph.outputStart[op]; k < graph.outputStart[op + 1]; k++)
    bytes += graph.tensorBytes[graph.outputTensor[k]]
  return bytes
}

function mostRoom(
  { memoryLimits }: SchedulingProblem,
  filled: Float64Array,
  fits: (device: number) => boolean,
): number {
  let best = -1
  for (let d = 0; d < filled.length; d++)
    if (fits(d) && (best < 0 || memoryLimits[d] - filled[d] > memoryLimits[best] - filled[best])) best = d
  return best
}

function nearestMiss(problem: SchedulingProblem, unit: Unit, filled: Float64Array, placedOps: number) {
  let device = 0
  let excessBytes = Number.POSITIVE_INFINITY
  filled.forEach((bytes, d) => {
    if (unit.ops.some((op) => problem.opTicks[problem.kindOf[d]][op] < 0)) return
    const excess = bytes + unit.bytes - problem.memoryLimits[d]
    if (excess < excessBytes) {
      device = d
      excessBytes = excess
    }
  })
  return { placer: 'topo', placedOps, op: unit.ops[0], device, excessBytes }
}
