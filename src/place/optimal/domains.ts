import { Machine } from '../bounds/oneMachine.js'
import type { ExactModel } from './exactModel.js'

const mostRounds = 6

/**
 * What a partial placement leaves possible: for each op the devices on which it can still be part of a step shorter than a limit.
 *
 * Earliest starts and least tails are kept for each op and device. An input counts at its earliest over the devices its producer may still have,
 * transfer included; inputs that must be local run in turn, those that must be remote arrive in turn. A device is struck out where head +
 * ticks + tail reach the limit, where the permanent bytes pass its memory, or where its settled ops and this one do not fit into the limit
 * on one machine (Jackson's bound); the same bound is held on every endpoint for transfers that are certain.
 */
export class Domains {
  readonly head: Float64Array
  readonly tail: Float64Array
  private readonly machine: Machine
  private readonly endpoints: readonly Machine[]

  constructor(private readonly model: ExactModel) {
    const { ops, devices } = model
    this.head = new Float64Array(ops * devices)
    this.tail = new Float64Array(ops * devices)
    this.machine = new Machine(ops + 1)
    this.endpoints = Array.from({ length: 2 * devices }, () => new Machine(model.problem.graph.edgeFrom.length + 1))
  }

  /** Strikes out devices (bits of `domain`) until nothing changes. Returns a lower bound of the node; `limit` or more when nothing is left. */
  filter(domain: Int32Array, limit: number): number {
    const { ops } = this.model
    let bound = 0
    for (let round = 0; round < mostRounds; round++) {
      for (const group of this.model.groups) {
        let common = -1
        for (const op of group) common &= domain[op]
        for (const op of group) domain[op] = common
      }
      for (let op = 0; op < ops; op++) if (domain[op] === 0) return limit
      this.sweep(domain, true)
      this.sweep(domain, false)
      const before = domain.slice()
      bound = Math.max(this.strikeLate(domain, limit), this.strikeOverfull(domain, limit), this.endpointBound(domain))
      if (bound >= limit) return limit
      if (domain.every((set, op) => set === before[op])) break
    }
    return bound
  }

  /** Heads forwards, or tails backwards, in topological order. */
  private sweep(domain: Int32Array, isForward: boolean): void {
    const { model, machine } = this
    const { devices, ticks, problem } = model
    const { graph } = problem
    const value = isForward ? this.head : this.tail
    const least = isForward ? model.leastHead : model.leastTail
    const order = graph.topologicalOrder
    const isContended = problem.transfers !== 'uncontended'
    for (let k = 0; k < order.length; k++) {
      const op = order[isForward ? k : order.length - 1 - k]
      const from = isForward ? graph.inStart[op] : graph.outStart[op]
      const to = isForward ? graph.inStart[op + 1] : graph.outStart[op + 1]
      for (let d = 0; d < devices; d++) {
        if (!(domain[op] & (1 << d))) continue
        let latest = least[op * devices + d]
        machine.clear()
        const remote = this.endpoints[0]
        remote.clear()
        for (let e = from; e < to; e++) {
          const edge = isForward ? graph.inEdge[e] : e
          const other = isForward ? graph.edgeFrom[edge] : graph.edgeTo[edge]
          const tensor = graph.edgeTensor[edge]
          const set = domain[other]
          let there = Number.POSITIVE_INFINITY
          let transfer = Number.POSITIVE_INFINITY
          let gone = Number.POSITIVE_INFINITY
          for (let o = 0; o < devices; o++) {
            if (!(set & (1 << o))) continue
            const end = value[other * devices + o] + ticks[other * devices + o]
            if (o === d || tensor < 0) {
              there = Math.min(there, end)
              continue
            }
            const moves = isForward ? model.transferTicks(tensor, o, d) : model.transferTicks(tensor, d, o)
            there = Math.min(there, end + moves)
            gone = Math.min(gone, end)
            transfer = Math.min(transfer, moves)
          }
          if (there > latest) latest = there
          if (tensor < 0) continue
          if (set === 1 << d) machine.addOnce(other, value[other * devices + d], ticks[other * devices + d])
          else if (isContended && !(set & (1 << d))) {
            // Forwards each tensor arrives once; backwards it leaves at least once, for the reader that needs it first.
            remote.addOnce(tensor, gone, transfer)
          }
        }
        value[op * devices + d] = remote.finish(machine.finish(latest))
      }
    }
  }

  private strikeLate(domain: Int32Array, limit: number): number {
    const { ops, devices, ticks } = this.model
    let bound = 0
    for (let op = 0; op < ops; op++) {
      let least = Number.POSITIVE_INFINITY
      for (let d = 0; d < devices; d++) {
        if (!(domain[op] & (1 << d))) continue
        const at = op * devices + d
        const way = this.head[at] + ticks[at] + this.tail[at]
        if (way >= limit) domain[op] &= ~(1 << d)
        else least = Math.min(least, way)
      }
      if (least > bound) bound = least
    }
    return bound
  }

  private strikeOverfull(domain: Int32Array, limit: number): number {
    const { model, machine } = this
    const { ops, devices, ticks, permanentBytes, runningBytes, deviceIds, problem } = model
    let bound = 0
    for (let d = 0; d < devices; d++) {
      let bytes = 0
      let parameters = 0
      let running = 0
      machine.clear()
      const add = (op: number) => {
        const at = op * devices + d
        machine.add(this.head[at], ticks[at], this.tail[at])
      }
      for (let op = 0; op < ops; op++) {
        if (domain[op] !== 1 << d) continue
        add(op)
        bytes += permanentBytes[op]
        parameters += problem.graph.parameterBytes[op]
        running = Math.max(running, runningBytes[op])
      }
      const room = problem.memoryLimits[deviceIds[d]]
      if (bytes > room || (running > 0 && parameters + running > room)) return Number.POSITIVE_INFINITY
      bound = machine.finish(bound)
      if (bound >= limit) return bound
      for (let op = 0; op < ops; op++) {
        if (!(domain[op] & (1 << d)) || domain[op] === 1 << d) continue
        add(op)
        const busy = Math.max(running, runningBytes[op])
        const isOver = busy > 0 && parameters + problem.graph.parameterBytes[op] + busy > room
        if (isOver || bytes + permanentBytes[op] > room || machine.finish() >= limit) domain[op] &= ~(1 << d)
        machine.removeLast()
      }
    }
    return bound
  }

  /** Transfers between settled ops, on the endpoints of their devices. */
  private endpointBound(domain: Int32Array): number {
    const { model, endpoints } = this
    const { problem, devices, ticks } = model
    const { graph, transfers } = problem
    if (transfers === 'uncontended') return 0
    for (const machine of endpoints) machine.clear()
    const into = transfers === 'half-duplex' ? 0 : devices
    for (let e = 0; e < graph.edgeFrom.length; e++) {
      const tensor = graph.edgeTensor[e]
      const from = settled(domain[graph.edgeFrom[e]])
      const to = settled(domain[graph.edgeTo[e]])
      if (tensor < 0 || from < 0 || to < 0 || from === to) continue
      const sent = graph.edgeFrom[e] * devices + from
      const read = graph.edgeTo[e] * devices + to
      const start = this.head[sent] + ticks[sent]
      const left = ticks[read] + this.tail[read]
      const moves = model.transferTicks(tensor, from, to)
      endpoints[from].addOnce(tensor * devices + to, start, moves, left)
      endpoints[into + to].addOnce(tensor * devices + to, start, moves, left)
    }
    let bound = 0
    for (const machine of endpoints) bound = machine.finish(bound)
    return bound
  }
}

/** The device of a set of one, -1 for larger ones. */
export function settled(set: number): number {
  return (set & (set - 1)) === 0 ? 31 - Math.clz32(set) : -1
}
