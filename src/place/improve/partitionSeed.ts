import { meanOpTicks, type SchedulingProblem } from '../../schedule/index.js'
import { neighbourDevice } from './neighbours.js'
import { type LoadWeights, PartitionLoads } from './partitionLoads.js'
import { randomStream } from './random.js'
import { mayRun, type Units, unitKeptBytes } from './units.js'

export interface PartitionOptions extends LoadWeights {
  readonly seed: number
  /** Only the first so many devices are used. */
  readonly devices: number
  readonly moves: number
  /** Bytes that each device may keep to the end of the step; the start must hold them. */
  readonly keptQuotas?: Float64Array
}

/** Of the cost per square root of the ops: hot enough to leave the starting map, measured on wide graphs of 1,000 to 5,000 ops. */
const hotShare = 1
const coolingFactor = 1000

/**
 * A map by simulated annealing on `PartitionLoads` (Kirkpatrick et al., Science 1983), from a given map. It sees no schedule, so a move costs a
 * microsecond; where transfers are dear, what it finds schedules far better than greedy placement.
 */
export function partitionSeed(
  problem: SchedulingProblem,
  units: Units,
  start: Int32Array,
  options: PartitionOptions,
): Int32Array {
  const { graph } = problem
  const random = randomStream(options.seed)
  const devices = Math.min(options.devices, problem.deviceCount)
  const deviceOf = start.map((d, op) => (mayRun(problem, op, d % devices) ? d % devices : d))
  const loads = new PartitionLoads(problem, deviceOf, windowsOf(problem, options.windows), options)
  const hot = (hotShare * loads.cost) / Math.sqrt(graph.ops.length)
  const kept = options.keptQuotas ? keptBytes(problem, units, deviceOf) : undefined
  const move = (unit: number, to: number) => {
    kept?.move(unit, deviceOf[units.ops[units.start[unit]]], to)
    for (let k = units.start[unit]; k < units.start[unit + 1]; k++) loads.move(units.ops[k], to)
  }
  for (let k = 0; k < options.moves; k++) {
    const op = Math.floor(random() * graph.ops.length)
    const to = random() < 0.7 ? neighbourDevice(graph, deviceOf, op, random) : Math.floor(random() * devices)
    const from = deviceOf[op]
    if (to < 0 || to === from || !mayRun(problem, op, to)) continue
    if (kept && kept.of[to] + kept.ofUnit[units.unitOf[op]] > options.keptQuotas![to]) continue
    const before = loads.cost
    move(units.unitOf[op], to)
    const worse = loads.cost - before
    if (worse <= 0) continue
    const temperature = hot * coolingFactor ** (-k / options.moves)
    if (random() >= Math.exp(-worse / temperature)) move(units.unitOf[op], from)
  }
  return deviceOf
}

function keptBytes(problem: SchedulingProblem, units: Units, deviceOf: Int32Array) {
  const ofUnit = unitKeptBytes(problem, units)
  const of = new Float64Array(problem.deviceCount)
  for (let u = 0; u < units.count; u++)
    if (units.start[u] < units.start[u + 1]) of[deviceOf[units.ops[units.start[u]]]] += ofUnit[u]
  const move = (unit: number, from: number, to: number) => {
    of[from] -= ofUnit[unit]
    of[to] += ofUnit[unit]
  }
  return { of, ofUnit, move }
}

/** Window of each op: the share of the work that comes before it in topological order. */
function windowsOf(problem: SchedulingProblem, windows: number): Uint8Array {
  const ticks = meanOpTicks(problem)
  const total = Math.max(
    1,
    ticks.reduce((sum, each) => sum + each, 0),
  )
  const windowOf = new Uint8Array(ticks.length)
  let done = 0
  for (const op of problem.graph.topologicalOrder) {
    windowOf[op] = Math.min(windows - 1, Math.floor((windows * (done + ticks[op] / 2)) / total))
    done += ticks[op]
  }
  return windowOf
}
