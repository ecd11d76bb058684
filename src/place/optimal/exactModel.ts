import type { SchedulingProblem } from '../../schedule/index.js'
import type { TwoWays } from '../bounds/twoWays.js'
import { DeviceSymmetry } from './deviceSymmetry.js'

/** Device sets are bits of an integer. */
export const mostDevices = 30

/** A problem as the exact search reads it: dense columns, and only as many devices of a kind as there are ops to fill them. */
export interface ExactModel {
  readonly problem: SchedulingProblem
  readonly ops: number
  /** Devices searched; `deviceIds` are their numbers in the problem. */
  readonly devices: number
  readonly deviceIds: readonly number[]
  readonly symmetry: DeviceSymmetry
  /** ticks[op * devices + device], negative where it may not run. */
  readonly ticks: Float64Array
  /** No schedule starts the op on the device before, or ends less than so long after it. */
  readonly leastHead: Float64Array
  readonly leastTail: Float64Array
  /** Colocation groups of two ops or more. */
  readonly groups: readonly (readonly number[])[]
  /** Bytes that an op holds on its device to the end of the step. */
  readonly permanentBytes: Float64Array
  /** Bytes that an op needs besides the parameters on its device while it runs: inputs, temporaries, outputs. */
  readonly runningBytes: Float64Array
  transferTicks(tensor: number, from: number, to: number): number
}

/** The model, or nothing where it has too many unlike devices to be searched. */
export function exactModel(problem: SchedulingProblem, ways: TwoWays): ExactModel | undefined {
  const { graph, kindOf, opTicks, linkClassOf, transferTicks, deviceCount } = problem
  const ops = graph.ops.length
  const symmetry = new DeviceSymmetry(problem)
  const deviceIds = symmetry.atMostEach(ops)
  const devices = deviceIds.length
  if (devices > mostDevices) return undefined
  const column = (value: (op: number, kind: number) => number) =>
    Float64Array.from({ length: ops * devices }, (_, k) =>
      value(Math.floor(k / devices), kindOf[deviceIds[k % devices]]),
    )
  const members = graph.groupNames.map(() => [] as number[])
  for (let op = 0; op < ops; op++) if (graph.groupOf[op] >= 0) members[graph.groupOf[op]].push(op)
  return {
    problem,
    ops,
    devices,
    deviceIds,
    symmetry,
    ticks: column((op, kind) => opTicks[kind][op]),
    leastHead: column((op, kind) => ways.forward.head[kind][op]),
    leastTail: column((op, kind) => ways.backward.head[kind][op]),
    groups: members.filter((group) => group.length > 1),
    permanentBytes: permanentBytes(problem),
    runningBytes: runningBytes(problem),
    transferTicks: (tensor, from, to) =>
      transferTicks[linkClassOf[deviceIds[from] * deviceCount + deviceIds[to]]][tensor],
  }
}

/** Parameters, and outputs that nothing reads, of ops that take time everywhere (one of no time might hold them for none). */
function permanentBytes({ graph, opTicks }: SchedulingProblem): Float64Array {
  return Float64Array.from({ length: graph.ops.length }, (_, op) => {
    if (opTicks.some((ticks) => ticks[op] === 0)) return 0
    let bytes = graph.parameterBytes[op]
    for (let k = graph.outputStart[op]; k < graph.outputStart[op + 1]; k++) {
      const tensor = graph.outputTensor[k]
      if (graph.consumerStart[tensor] === graph.consumerStart[tensor + 1]) bytes += graph.tensorBytes[tensor]
    }
    return bytes
  })
}

function runningBytes({ graph, opTicks }: SchedulingProblem): Float64Array {
  return Float64Array.from({ length: graph.ops.length }, (_, op) => {
    if (opTicks.some((ticks) => ticks[op] === 0)) return 0
    let bytes = graph.temporaryBytes[op]
    for (let k = graph.outputStart[op]; k < graph.outputStart[op + 1]; k++)
      bytes += graph.tensorBytes[graph.outputTensor[k]]
    for (let k = graph.inStart[op]; k < graph.inStart[op + 1]; k++) {
      const tensor = graph.edgeTensor[graph.inEdge[k]]
      if (tensor >= 0) bytes += graph.tensorBytes[tensor]
    }
    return bytes
  })
}
