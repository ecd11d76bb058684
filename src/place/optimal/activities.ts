import type { CommitOrder, Schedule, SchedulingProblem } from '../../schedule/index.js'
import { replay } from '../../schedule/index.js'

/** Ops and transfers of a complete placement as jobs of a shop: fixed durations, precedences, exclusive resources. */
export interface Activities {
  readonly problem: SchedulingProblem
  readonly deviceOf: Int32Array
  /** Activity i < ops is op i; the others are transfers. */
  readonly count: number
  readonly ticks: Float64Array
  readonly arcFrom: readonly number[]
  readonly arcTo: readonly number[]
  /** Activities that hold each resource; those of no time hold none. Resources of one activity are left out. */
  readonly resources: readonly (readonly number[])[]
  readonly transferTensor: readonly number[]
  readonly transferTo: readonly number[]
  /** A number per activity that rises along every precedence. */
  readonly position: Float64Array
}

export function activitiesOf(problem: SchedulingProblem, deviceOf: Int32Array): Activities {
  const { graph, kindOf, opTicks, linkClassOf, transferTicks, deviceCount } = problem
  const ops = graph.ops.length
  const ticks = Array.from({ length: ops }, (_, op) => opTicks[kindOf[deviceOf[op]]][op])
  const position = Array.from({ length: ops }, () => 0)
  graph.topologicalOrder.forEach((op, k) => {
    position[op] = 2 * k
  })
  const [arcFrom, arcTo, transferTensor, transferTo]: number[][] = [[], [], [], []]
  const transferOf = new Map<number, number>()
  for (let e = 0; e < graph.edgeFrom.length; e++) {
    const [from, to, tensor] = [graph.edgeFrom[e], graph.edgeTo[e], graph.edgeTensor[e]]
    let before = from
    if (tensor >= 0 && deviceOf[from] !== deviceOf[to]) {
      const key = tensor * deviceCount + deviceOf[to]
      let transfer = transferOf.get(key)
      if (transfer === undefined) {
        transfer = ticks.length
        transferOf.set(key, transfer)
        transferTensor.push(tensor)
        transferTo.push(deviceOf[to])
        ticks.push(transferTicks[linkClassOf[deviceOf[from] * deviceCount + deviceOf[to]]][tensor])
        position.push(position[from] + 1)
        arcFrom.push(from)
        arcTo.push(transfer)
      }
      before = transfer
    }
    arcFrom.push(before)
    arcTo.push(to)
  }
  const columns = { ticks: Float64Array.from(ticks), position: Float64Array.from(position) }
  const resources = resourcesOf(problem, deviceOf, columns.ticks, transferTensor, transferTo)
  return { problem, deviceOf, count: ticks.length, ...columns, arcFrom, arcTo, resources, transferTensor, transferTo }
}

function resourcesOf(
  { graph, transfers, hostOf }: SchedulingProblem,
  deviceOf: Int32Array,
  ticks: Float64Array,
  transferTensor: readonly number[],
  transferTo: readonly number[],
): number[][] {
  const held = new Map<string, number[]>()
  const hold = (resource: string, activity: number) => {
    if (ticks[activity] <= 0) return
    const list = held.get(resource)
    if (list) list.push(activity)
    else held.set(resource, [activity])
  }
  deviceOf.forEach((device, op) => {
    hold(`device ${device}`, op)
  })
  if (transfers !== 'uncontended')
    transferTensor.forEach((tensor, k) => {
      const activity = deviceOf.length + k
      const [from, to] = [deviceOf[graph.tensorProducer[tensor]], transferTo[k]]
      hold(transfers === 'half-duplex' ? `endpoint ${from}` : `transmit ${from}`, activity)
      hold(transfers === 'half-duplex' ? `endpoint ${to}` : `receive ${to}`, activity)
      if (hostOf[from] === hostOf[to]) return
      hold(`network transmit ${hostOf[from]}`, activity)
      hold(`network receive ${hostOf[to]}`, activity)
    })
  return [...held.values()].filter((list) => list.length > 1)
}

/** The schedule that the core makes of the starts, committed in their order: none of its starts is later. */
export function replayStarts(activities: Activities, start: Float64Array): { order: CommitOrder; schedule: Schedule } {
  const { problem, deviceOf, count, position, transferTensor, transferTo } = activities
  const ops = deviceOf.length
  const sorted = Int32Array.from({ length: count }, (_, a) => a).sort(
    (a, b) => start[a] - start[b] || position[a] - position[b] || a - b,
  )
  const order: CommitOrder = {
    item: sorted.map((a) => (a < ops ? a : transferTensor[a - ops])),
    to: sorted.map((a) => (a < ops ? -1 : transferTo[a - ops])),
  }
  return { order, schedule: replay(problem, deviceOf, order) }
}
