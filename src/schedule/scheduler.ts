import { InternalError } from '../errors/index.js'
import { type Endpoints, makeEndpoints } from './endpoints.js'
import { FreeTime } from './freeTime.js'
import type { SchedulingProblem } from './problem.js'
import type { Schedule } from './schedule.js'
import { TrialBookings } from './trialBookings.js'

/**
 * The one scheduling core. Activities (ops, and transfers of a tensor to a device) are committed one after the other, each at its
 * earliest start in the gaps left on what it holds: an op its device; a transfer the sender's transmit and the receiver's receive
 * endpoint and, between hosts, the two network interfaces (FORMATS, Endpoint rules). Placers ask `arrival` before they commit;
 * the simulator commits a plan's order. Both therefore see the same times.
 */
export class Scheduler {
  readonly opDevice: Int32Array
  readonly opStart: Float64Array
  readonly opEnd: Float64Array
  readonly compute: readonly FreeTime[]

  /** The tensor that the last `arrival` asked for awaits, where it is the only one that the device lacks and comes last of all inputs; else -1. */
  lastToArrive = -1
  copyCount = 0
  /** All transfers so far, one after the other. */
  copyTicks = 0
  readonly copyTensor: Int32Array
  readonly copyTo: Int32Array
  readonly copyStart: Float64Array
  readonly copyEnd: Float64Array
  private readonly copyNext: Int32Array
  private readonly firstCopy: Int32Array

  private readonly endpoints: Endpoints
  /** Tensors that the op under trial still lacks, by producer's end and then name. */
  private missing = new Int32Array(16)
  private readonly trial = new TrialBookings()

  constructor(readonly problem: SchedulingProblem) {
    const { graph, deviceCount } = problem
    const ops = graph.ops.length
    const most = Math.min(graph.consumerOp.length, graph.tensorBytes.length * Math.max(0, deviceCount - 1))
    this.opDevice = new Int32Array(ops).fill(-1)
    this.opStart = new Float64Array(ops)
    this.opEnd = new Float64Array(ops)
    this.compute = Array.from({ length: deviceCount }, () => new FreeTime())
    this.copyTensor = new Int32Array(most)
    this.copyTo = new Int32Array(most)
    this.copyStart = new Float64Array(most)
    this.copyEnd = new Float64Array(most)
    this.copyNext = new Int32Array(most)
    this.firstCopy = new Int32Array(graph.tensorBytes.length).fill(-1)
    this.endpoints = makeEndpoints(problem)
  }

  /** Ticks of the op on the device; negative where it may not run. */
  opTicks(op: number, device: number): number {
    return this.problem.opTicks[this.problem.kindOf[device]][op]
  }

  /** The copy of the tensor on a device other than its producer's, or -1. */
  copyOn(tensor: number, device: number): number {
    let copy = this.firstCopy[tensor]
    while (copy >= 0 && this.copyTo[copy] !== device) copy = this.copyNext[copy]
    return copy
  }

  /** First of a tensor's copies, -1 for none; then `nextCopyOf`. */
  firstCopyOf(tensor: number): number {
    return this.firstCopy[tensor]
  }

  nextCopyOf(copy: number): number {
    return this.copyNext[copy]
  }

  /** When all inputs of the op would be on the device if it were committed next. Every predecessor must be committed. Books nothing. */
  arrival(op: number, device: number): number {
    const ready = this.gatherInputs(op, device)
    this.lastToArrive = -1
    if (this.missingCount === 0) return ready
    if (this.missingCount > 1) return this.arrivalOfSeveral(ready, device)
    const tensor = this.missing[0]
    const producer = this.problem.graph.tensorProducer[tensor]
    const from = this.opDevice[producer]
    const ticks = this.transferTicks(tensor, from, device)
    const end = this.endpoints.window(from, device, this.opEnd[producer], ticks) + ticks
    if (end < ready) return ready
    this.lastToArrive = tensor
    return end
  }

  private arrivalOfSeveral(ready: number, device: number): number {
    const { trial, missing, missingCount, opEnd } = this
    const { tensorProducer } = this.problem.graph
    const isContended = this.problem.transfers !== 'uncontended'
    for (let k = 0; k < missingCount; k++) {
      const producer = tensorProducer[missing[k]]
      const ticks = this.transferTicks(missing[k], this.opDevice[producer], device)
      const start = this.trialWindow(this.opDevice[producer], device, opEnd[producer], ticks)
      if (start + ticks > ready) ready = start + ticks
      if (isContended) trial.add(start, start + ticks)
    }
    trial.clear()
    return ready
  }

  /** Ticks of the transfers that the op would still need on the device. */
  missingTicks(op: number, device: number): number {
    this.gatherInputs(op, device)
    let ticks = 0
    for (let k = 0; k < this.missingCount; k++) {
      const tensor = this.missing[k]
      ticks += this.transferTicks(tensor, this.opDevice[this.problem.graph.tensorProducer[tensor]], device)
    }
    return ticks
  }

  /** Commits the transfers that the op still lacks (by their producer's end, then name), then the op. Every predecessor must be committed. */
  commitOp(op: number, device: number): void {
    const ticks = this.opTicks(op, device)
    if (ticks < 0 || this.opDevice[op] >= 0) throw new InternalError(`op ${op} cannot be committed to device ${device}`)
    let ready = this.gatherInputs(op, device)
    for (let k = 0; k < this.missingCount; k++) {
      const copy = this.commitTransfer(this.missing[k], device)
      if (this.copyEnd[copy] > ready) ready = this.copyEnd[copy]
    }
    const start = this.compute[device].fit(ready, ticks)
    this.compute[device].book(start, start + ticks)
    this.opDevice[op] = device
    this.opStart[op] = start
    this.opEnd[op] = start + ticks
  }

  /** Commits the transfer of a tensor, whose producer is committed on another device, to a device that lacks it. Returns the copy's number. */
  commitTransfer(tensor: number, to: number): number {
    const producer = this.problem.graph.tensorProducer[tensor]
    const from = this.opDevice[producer]
    if (from < 0 || from === to) throw new InternalError(`tensor ${tensor} cannot move from ${from} to ${to}`)
    const ticks = this.transferTicks(tensor, from, to)
    const start = this.endpoints.window(from, to, this.opEnd[producer], ticks)
    this.endpoints.book(from, to, start, start + ticks)
    const copy = this.copyCount++
    this.copyTicks += ticks
    this.copyTensor[copy] = tensor
    this.copyTo[copy] = to
    this.copyStart[copy] = start
    this.copyEnd[copy] = start + ticks
    this.copyNext[copy] = this.firstCopy[tensor]
    this.firstCopy[tensor] = copy
    return copy
  }

  /** Takes over the state of another scheduler of the same problem: how a search returns to a point it has been at. */
  copyFrom(other: Scheduler): void {
    this.opDevice.set(other.opDevice)
    this.opStart.set(other.opStart)
    this.opEnd.set(other.opEnd)
    this.firstCopy.set(other.firstCopy)
    this.copyCount = other.copyCount
    this.copyTicks = other.copyTicks
    for (let c = 0; c < other.copyCount; c++) {
      this.copyTensor[c] = other.copyTensor[c]
      this.copyTo[c] = other.copyTo[c]
      this.copyStart[c] = other.copyStart[c]
      this.copyEnd[c] = other.copyEnd[c]
      this.copyNext[c] = other.copyNext[c]
    }
    for (let d = 0; d < this.compute.length; d++) this.compute[d].copyFrom(other.compute[d])
    this.endpoints.copyFrom(other.endpoints)
  }

  /** The schedule so far; arrays are views, not copies. */
  result(): Schedule {
    let makespan = 0
    for (const end of this.opEnd) if (end > makespan) makespan = end
    return {
      opDevice: this.opDevice,
      opStart: this.opStart,
      opEnd: this.opEnd,
      copyTensor: this.copyTensor.subarray(0, this.copyCount),
      copyTo: this.copyTo.subarray(0, this.copyCount),
      copyStart: this.copyStart.subarray(0, this.copyCount),
      copyEnd: this.copyEnd.subarray(0, this.copyCount),
      makespan,
    }
  }

  transferTicks(tensor: number, from: number, to: number): number {
    const { linkClassOf, transferTicks, deviceCount } = this.problem
    return transferTicks[linkClassOf[from * deviceCount + to]][tensor]
  }

  private missingCount = 0

  /** Lists the tensors that the device lacks; returns when the last of the present ones is there. */
  private gatherInputs(op: number, device: number): number {
    const { inStart, inEdge, edgeFrom, edgeTensor } = this.problem.graph
    const { opDevice, opEnd } = this
    let ready = 0
    this.missingCount = 0
    for (let k = inStart[op]; k < inStart[op + 1]; k++) {
      const edge = inEdge[k]
      const from = edgeFrom[edge]
      const tensor = edgeTensor[edge]
      let there = opEnd[from]
      if (tensor >= 0 && opDevice[from] !== device) {
        const copy = this.copyOn(tensor, device)
        if (copy < 0) {
          this.addMissing(tensor)
          continue
        }
        there = this.copyEnd[copy]
      }
      if (there > ready) ready = there
    }
    if (this.missingCount > 1) this.sortMissing()
    return ready
  }

  private addMissing(tensor: number): void {
    if (this.missingCount === this.missing.length) {
      const larger = new Int32Array(2 * this.missing.length)
      larger.set(this.missing)
      this.missing = larger
    }
    this.missing[this.missingCount++] = tensor
  }

  /** By the producer's end, then name. By insertion where few are missing, as nearly always: this is the hottest place of all. */
  private sortMissing(): void {
    const { missing, missingCount, opEnd } = this
    const { tensorProducer } = this.problem.graph
    if (missingCount > 32) {
      missing.subarray(0, missingCount).sort((a, b) => opEnd[tensorProducer[a]] - opEnd[tensorProducer[b]] || a - b)
      return
    }
    for (let k = 1; k < missingCount; k++) {
      const tensor = missing[k]
      const end = opEnd[tensorProducer[tensor]]
      let hole = k
      for (; hole > 0; hole--) {
        const other = missing[hole - 1]
        const otherEnd = opEnd[tensorProducer[other]]
        if (otherEnd < end || (otherEnd === end && other < tensor)) break
        missing[hole] = other
      }
      missing[hole] = tensor
    }
  }

  /** The earliest window of the endpoints that also avoids the trial bookings. */
  private trialWindow(from: number, to: number, notBefore: number, ticks: number): number {
    for (let at = notBefore; ; ) {
      const next = this.trial.fit(this.endpoints.window(from, to, at, ticks), ticks)
      if (next === at) return at
      at = next
    }
  }
}
