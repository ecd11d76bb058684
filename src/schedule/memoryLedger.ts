import { MemoryProfile } from './memoryProfile.js'
import type { SchedulingProblem } from './problem.js'
import type { Scheduler } from './scheduler.js'

/**
 * Bytes held on each device over time while a schedule is being built. A tensor whose readers are not all committed counts as held
 * for ever, so what the ledger admits never exceeds the limits in the finished schedule (`memoryPeaks` is the exact account).
 * The permanent bytes of a whole colocation group are reserved when its first op is committed.
 */
export class MemoryLedger {
  private readonly profiles: readonly MemoryProfile[]
  private readonly permanent: Float64Array
  private readonly isFixed: boolean
  private readonly groupBytes: Float64Array
  private readonly groupDevice: Int32Array
  private readonly readersLeft: Int32Array
  private readonly producerLast: Float64Array
  private readonly copyLast: Float64Array

  constructor(
    private readonly problem: SchedulingProblem,
    private readonly scheduler: Scheduler,
    /** Device of each op where that is known beforehand: its permanent bytes then count from the start. */
    fixedDevice?: Int32Array,
  ) {
    const { graph, deviceCount } = problem
    this.profiles = Array.from({ length: deviceCount }, () => new MemoryProfile())
    this.permanent = new Float64Array(deviceCount)
    this.groupBytes = new Float64Array(graph.groupNames.length)
    this.groupDevice = new Int32Array(graph.groupNames.length).fill(-1)
    this.isFixed = fixedDevice !== undefined
    for (let op = 0; op < graph.ops.length; op++) {
      if (fixedDevice) this.permanent[fixedDevice[op]] += graph.parameterBytes[op]
      else if (graph.groupOf[op] >= 0) this.groupBytes[graph.groupOf[op]] += graph.parameterBytes[op]
    }
    this.readersLeft = Int32Array.from(
      { length: graph.tensorBytes.length },
      (_, t) => graph.consumerStart[t + 1] - graph.consumerStart[t],
    )
    this.producerLast = new Float64Array(graph.tensorBytes.length)
    this.copyLast = new Float64Array(scheduler.copyTo.length)
  }

  /** Bytes by which the device would pass its limit if the op were committed there now; 0 or less when it fits. */
  excess(op: number, device: number, start: number): number {
    const { graph, memoryLimits } = this.problem
    const permanent = this.permanent[device] + this.newPermanent(op)
    let added = this.ownBytes(op)
    let earliest = start
    for (let k = graph.inStart[op]; k < graph.inStart[op + 1]; k++) {
      const edge = graph.inEdge[k]
      const tensor = graph.edgeTensor[edge]
      const from = graph.edgeFrom[edge]
      if (tensor < 0 || this.scheduler.opDevice[from] === device || this.scheduler.copyOn(tensor, device) >= 0) continue
      added += graph.tensorBytes[tensor]
      if (this.scheduler.opEnd[from] < earliest) earliest = this.scheduler.opEnd[from]
    }
    const profile = this.profiles[device]
    const limit = memoryLimits[device]
    if (permanent + profile.mostEver + added <= limit) return 0
    return permanent + Math.max(profile.peakFrom(earliest) + added, profile.peakFrom(0)) - limit
  }

  /** Bytes that would be missing on the device however late the op started, by what is committed now; 0 or less: it may fit. */
  shortage(op: number, device: number): number {
    const permanent = this.permanent[device] + this.newPermanent(op)
    return permanent + this.profiles[device].atEnd + this.ownBytes(op) - this.problem.memoryLimits[device]
  }

  /** Records an op just committed, with the copies made for it since `firstCopy`. Returns the devices where something was freed. */
  record(op: number, firstCopy: number): number[] {
    const { scheduler, problem } = this
    const { graph } = problem
    const device = scheduler.opDevice[op]
    this.permanent[device] += this.newPermanent(op)
    if (graph.groupOf[op] >= 0) this.groupDevice[graph.groupOf[op]] = device
    const profile = this.profiles[device]
    profile.add(scheduler.opStart[op], scheduler.opEnd[op], graph.temporaryBytes[op])
    for (let k = graph.outputStart[op]; k < graph.outputStart[op + 1]; k++)
      profile.add(scheduler.opStart[op], Number.POSITIVE_INFINITY, graph.tensorBytes[graph.outputTensor[k]])
    for (let c = firstCopy; c < scheduler.copyCount; c++) {
      const tensor = scheduler.copyTensor[c]
      this.profiles[scheduler.copyTo[c]].add(
        scheduler.copyStart[c],
        Number.POSITIVE_INFINITY,
        graph.tensorBytes[tensor],
      )
      this.producerLast[tensor] = Math.max(this.producerLast[tensor], scheduler.copyEnd[c])
      this.copyLast[c] = scheduler.copyEnd[c]
    }
    return this.countReads(op, device)
  }

  private ownBytes(op: number): number {
    const { temporaryBytes, tensorBytes, outputStart, outputTensor } = this.problem.graph
    let bytes = temporaryBytes[op]
    for (let k = outputStart[op]; k < outputStart[op + 1]; k++) bytes += tensorBytes[outputTensor[k]]
    return bytes
  }

  /** Permanent bytes that committing the op adds: its own, or all of its group's if it is the group's first. */
  private newPermanent(op: number): number {
    if (this.isFixed) return 0
    const { graph } = this.problem
    const group = graph.groupOf[op]
    if (group < 0) return graph.parameterBytes[op]
    return this.groupDevice[group] < 0 ? this.groupBytes[group] : 0
  }

  private countReads(op: number, device: number): number[] {
    const { graph } = this.problem
    const { scheduler } = this
    const end = scheduler.opEnd[op]
    const freed: number[] = []
    for (let k = graph.inStart[op]; k < graph.inStart[op + 1]; k++) {
      const edge = graph.inEdge[k]
      const tensor = graph.edgeTensor[edge]
      if (tensor < 0) continue
      const copy = scheduler.opDevice[graph.edgeFrom[edge]] === device ? -1 : scheduler.copyOn(tensor, device)
      if (copy < 0) this.producerLast[tensor] = Math.max(this.producerLast[tensor], end)
      else this.copyLast[copy] = Math.max(this.copyLast[copy], end)
      if (--this.readersLeft[tensor] === 0) this.release(tensor, freed)
    }
    return freed
  }

  /** The tensor's last reader is committed: its bytes are freed everywhere after their last use. */
  private release(tensor: number, freed: number[]): void {
    const { scheduler, problem } = this
    const bytes = problem.graph.tensorBytes[tensor]
    const home = scheduler.opDevice[problem.graph.tensorProducer[tensor]]
    this.profiles[home].add(this.producerLast[tensor], Number.POSITIVE_INFINITY, -bytes)
    if (!freed.includes(home)) freed.push(home)
    for (let copy = scheduler.firstCopyOf(tensor); copy >= 0; copy = scheduler.nextCopyOf(copy)) {
      const device = scheduler.copyTo[copy]
      this.profiles[device].add(this.copyLast[copy], Number.POSITIVE_INFINITY, -bytes)
      if (!freed.includes(device)) freed.push(device)
    }
  }
}
