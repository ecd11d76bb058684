import { Heap } from '../../schedule/index.js'
import type { Network } from './network.js'
import { Machine } from './oneMachine.js'

/** Ancestors decided on one branch; criticality fades long before this. */
const mostDecided = 64
/** Up to so many ops also those are decided whose transfer would only matter behind the others on the device's endpoint. */
const mostThorough = 64

/**
 * Earliest arrival of an op's inputs on a device of one kind, by branching on which critical ancestors share the device with it.
 *
 * An ancestor that does (local) is processed there before the op; one that does not (remote), but feeds a local one, needs a transfer whose
 * time is spent on the path and on the device's endpoint. Relaxed, a branch's decisions cost: the longest path; all local ops on one
 * machine; all its transfers on one machine per endpoint; with two devices, all remote ops on one machine. Undecided ancestors cost the
 * lesser of both fates. The minimum over the open branches is a lower bound whenever the search stops.
 */
export class LocalSearch {
  private readonly stateOf: Uint8Array
  private readonly slotOf: Int32Array
  private readonly itemOf: Int32Array
  private readonly positionOf: Int32Array
  private readonly decided = new Int32Array(mostDecided)
  private readonly dist = new Float64Array(mostDecided)
  private readonly local = new Machine(mostDecided)
  private readonly remote = new Machine(mostDecided)
  private readonly into: Machine
  private readonly out: Machine
  private parent: Int32Array
  private opOf: Int32Array
  private isLocal: Uint8Array
  private nextOp: Int32Array
  private branchOp = -1
  private readonly open = new Heap()

  /** `end[op]`: the earliest end found for each op on any device; `kindHead`: the earliest start on the kind. */
  constructor(
    private readonly network: Network,
    private readonly nodes: number,
  ) {
    const { count, order, tensorTicks } = network
    this.stateOf = new Uint8Array(count)
    this.slotOf = new Int32Array(count)
    this.positionOf = new Int32Array(count)
    for (let k = 0; k < count; k++) this.positionOf[order[k]] = k
    this.itemOf = new Int32Array(2 * tensorTicks.length).fill(-1)
    this.into = new Machine(256)
    this.out = network.excludes === 'all' ? this.into : new Machine(256)
    this.parent = new Int32Array(nodes + 2)
    this.opOf = new Int32Array(nodes + 2)
    this.isLocal = new Uint8Array(nodes + 2)
    this.nextOp = new Int32Array(nodes + 2)
  }

  arrival(target: number, kind: number, head: Float64Array, end: Float64Array, nodes = this.nodes): number {
    const { open } = this
    open.size = 0
    let count = 1
    this.parent[0] = -1
    let bound = this.evaluate(0, target, kind, head, end)
    this.nextOp[0] = this.branchOp
    open.push(0, bound, 0)
    while (open.size > 0) {
      bound = open.topFirst
      const node = open.pop()
      const op = this.nextOp[node]
      if (op < 0 || count + 2 > nodes) return bound
      for (let local = 0; local < 2; local++) {
        if (!this.isAllowed(node, target, op, kind, local === 1)) continue
        const child = count++
        this.parent[child] = node
        this.opOf[child] = op
        this.isLocal[child] = local
        const value = Math.max(bound, this.evaluate(child, target, kind, head, end))
        this.nextOp[child] = this.branchOp
        open.push(child, value, child)
      }
    }
    return bound
  }

  /** Whether the fate is open to the op: its kind, its colocation group's decided members, the number of devices. */
  private isAllowed(node: number, target: number, op: number, kind: number, local: boolean): boolean {
    const { groupOf, deviceCount, kindTicks } = this.network
    if (local ? kindTicks[kind][op] < 0 : deviceCount === 1) return false
    const group = groupOf[op]
    if (group < 0) return true
    if (groupOf[target] === group) return local
    for (let n = node; n > 0; n = this.parent[n]) {
      if (groupOf[this.opOf[n]] !== group) continue
      // Two remote ops of a group share a device, which only costs; a local one settles the group.
      if (this.isLocal[n]) return local
      return !local
    }
    return true
  }

  /**
   * Arrival at the device of one tensor's copies from the op's decided remote neighbours (mirrored: the tensor's readers). On j devices they
   * run j at a time and need j transfers one after the other.
   */
  private spread(op: number, arc: number, end: Float64Array): number {
    const { inStart, inFrom, inTensor, leastTicks, tensorTicks, deviceCount } = this.network
    const tensor = inTensor[arc]
    let readers = 0
    let work = 0
    let firstStart = Number.POSITIVE_INFINITY
    let firstEnd = Number.POSITIVE_INFINITY
    let lastEnd = 0
    for (let e = inStart[op]; e < inStart[op + 1]; e++) {
      const from = inFrom[e]
      if (inTensor[e] !== tensor || this.stateOf[from] !== 2) continue
      if (e < arc) return 0
      readers++
      work += leastTicks[from]
      firstStart = Math.min(firstStart, end[from] - leastTicks[from])
      firstEnd = Math.min(firstEnd, end[from])
      lastEnd = Math.max(lastEnd, end[from])
    }
    if (readers < 2) return 0
    let least = Number.POSITIVE_INFINITY
    for (let j = 1; j <= Math.min(readers, deviceCount - 1); j++) {
      const run = firstStart + work / j + tensorTicks[tensor]
      const sent = firstEnd + j * tensorTicks[tensor]
      least = Math.min(least, Math.max(run, sent, lastEnd + tensorTicks[tensor]))
    }
    return Math.ceil(least)
  }

  private evaluate(node: number, target: number, kind: number, head: Float64Array, end: Float64Array): number {
    const { network, stateOf, slotOf, decided, dist, positionOf, local, into, out } = this
    const { inStart, inFrom, inTensor, tensorTicks, kindTicks, leastTicks, excludes } = network
    const ticksHere = kindTicks[kind]
    // The branch's decisions, latest op first; the target heads them.
    let count = 0
    decided[count++] = target
    stateOf[target] = 1
    for (let n = node; n > 0; n = this.parent[n]) {
      const op = this.opOf[n]
      stateOf[op] = this.isLocal[n] ? 1 : 2
      let k = count++
      for (; k > 1 && positionOf[decided[k - 1]] < positionOf[op]; k--) decided[k] = decided[k - 1]
      decided[k] = op
    }
    for (let k = 0; k < count; k++) {
      slotOf[decided[k]] = k
      dist[k] = 0
    }
    local.clear()
    into.clear()
    out.clear()
    this.remote.clear()
    let path = 0
    let branchOp = -1
    let branchValue = 0
    for (let k = 0; k < count; k++) {
      const op = decided[k]
      const isLocal = stateOf[op] === 1
      let way = dist[k]
      if (k > 0) {
        if (isLocal) {
          local.add(head[op], ticksHere[op], way)
          way += ticksHere[op]
        } else {
          this.remote.add(end[op] - leastTicks[op], leastTicks[op], way)
          way += leastTicks[op]
        }
      }
      for (let e = inStart[op]; e < inStart[op + 1]; e++) {
        const from = inFrom[e]
        const tensor = inTensor[e]
        const state = stateOf[from]
        const transfer = tensor < 0 ? 0 : tensorTicks[tensor]
        if (state === 0) {
          if (end[from] + way > path) path = end[from] + way
          if (tensor >= 0) {
            const value = end[from] + transfer + way
            if (value > branchValue) {
              branchValue = value
              branchOp = from
            }
          }
          continue
        }
        const crosses = tensor >= 0 && (state === 1) !== isLocal
        const far = crosses ? way + transfer : way
        const slot = slotOf[from]
        if (far > dist[slot]) dist[slot] = far
        if (!crosses || excludes === 'none') continue
        if (network.spreads && isLocal) path = Math.max(path, this.spread(op, e, end) + way)
        const machine = isLocal ? into : out
        const key = 2 * tensor + (isLocal ? 0 : 1)
        if (this.itemOf[key] < 0) this.itemOf[key] = machine.add(end[from], transfer, way, key)
        else machine.raise(this.itemOf[key], end[from], way)
      }
      if (k > 0) {
        const value = (isLocal ? head[op] : end[op] - leastTicks[op]) + way
        if (value > path) path = value
      }
    }
    for (let k = 0; k < count; k++) stateOf[decided[k]] = 0
    for (let k = 0; k < into.count; k++) this.itemOf[into.key[k]] = -1
    if (out !== into) for (let k = 0; k < out.count; k++) this.itemOf[out.key[k]] = -1
    let bound = into.finish(local.finish(path))
    if (out !== into) bound = out.finish(bound)
    if (network.deviceCount === 2) bound = this.remote.finish(bound)
    const queued = network.count <= mostThorough ? into.work : 0
    this.branchOp = branchValue + queued > bound && count < mostDecided ? branchOp : -1
    return bound
  }
}
