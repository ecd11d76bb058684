import { InternalError } from '../errors/index.js'
import {
  Heap,
  MemoryLedger,
  memoryPeaks,
  opOrder,
  ReadyQueue,
  Scheduler,
  type SchedulingProblem,
} from '../schedule/index.js'
import { Followers } from './followers.js'
import { needsMemoryFilter } from './memoryFilter.js'
import { OpenDevices } from './openDevices.js'
import type { Attempt } from './placement.js'

export interface ListScheduleOptions {
  readonly placer: string
  /** Breaks ties between ops that could start at the same time; greatest first. */
  readonly rank: Float64Array
  /** Per op the successor that should follow it on its device, or -1 (m-SCT); absent: none. */
  readonly favouriteOf?: Int32Array
  /** Device of each op, where the map is given and only the order is sought. */
  readonly fixedDevice?: Int32Array
}

/** Parked ops tried again after each commit on their device; beyond them only when nothing else can be placed. */
const mostRetries = 32

/**
 * Earliest-start list scheduling over pairs (ready op, device): m-ETF of Baechi (SoCC 2020, section 3.1.2; Hwang et al., SIAM J. Comput. 1989),
 * and with favourites m-SCT's waiting rule (section 3.1.3; Hanen and Munier 1995): a device whose last op has an unplaced favourite child
 * takes only that child, or an op that is urgent: whose inputs could be anywhere by then.
 *
 * Arrivals are computed when an op becomes ready and are lower bounds from then on, exact again when the pair comes up; a tensor that
 * reaches a device refreshes its other ready readers there. Time per op does not grow with the graph, nor with the readers of a tensor.
 *
 * Post: every op placed and memory within the limits at all times, or the nearest miss.
 */
export function listSchedule(problem: SchedulingProblem, options: ListScheduleOptions): Attempt {
  const run = new ListScheduling(problem, options)
  const order = new Int32Array(problem.graph.ops.length)
  for (let k = 0; k < order.length; k++) {
    const op = run.step()
    if (op < 0) return { miss: run.nearestMiss(k) }
    order[k] = op
  }
  const schedule = run.scheduler.result()
  return {
    placement: {
      placer: options.placer,
      deviceOf: schedule.opDevice,
      order: opOrder(order),
      schedule,
      peakBytes: memoryPeaks(problem, schedule),
    },
  }
}

class ListScheduling {
  readonly scheduler: Scheduler
  private readonly rank: Float64Array
  private readonly ledger: MemoryLedger | undefined
  private readonly queues: readonly ReadyQueue[]
  private readonly open: OpenDevices
  private readonly followers: Followers
  /** The head of each device's queue, and its start; to be asked for again where `isChanged`. */
  private readonly headOp: Int32Array
  private readonly headStart: Float64Array
  private readonly isChanged: Uint8Array
  private readonly counts: readonly ((op: number, arrival: number) => boolean)[]
  private readonly waitingFor: Int32Array
  private readonly groupDevice: Int32Array
  /** Ops that did not fit on the device when tried there, the greatest rank first; tried again when something is committed or freed there. */
  private readonly parked: readonly Heap[]
  /** Devices whose last retry stopped at `mostRetries`. */
  private readonly retriesLeft: Uint8Array
  /** The device's last op's favourite child, while that is unplaced; -1: none. */
  private readonly awaits: Int32Array
  private readonly urgent = new Heap()
  private readonly urgentAt: Float64Array
  /** Ready ops have a slot of arrivals, one per device: NaN where the op may not run, is parked, or the device is not open. */
  private readonly slotOf: Int32Array
  private readonly opInSlot: number[] = []
  private readonly freeSlots: number[] = []
  private slots = 0
  private arrivals: Float64Array
  private chosenOp = -1
  private chosenDevice = -1
  private chosenStart = 0

  constructor(
    private readonly problem: SchedulingProblem,
    private readonly options: ListScheduleOptions,
  ) {
    const { graph, deviceCount } = problem
    this.rank = options.rank
    this.scheduler = new Scheduler(problem)
    this.ledger = needsMemoryFilter(problem)
      ? new MemoryLedger(problem, this.scheduler, options.fixedDevice)
      : undefined
    this.queues = Array.from({ length: deviceCount }, () => new ReadyQueue())
    this.open = new OpenDevices(problem, options.fixedDevice !== undefined)
    this.followers = new Followers(graph.consumerStart, options.rank)
    this.headOp = new Int32Array(deviceCount).fill(-1)
    this.headStart = new Float64Array(deviceCount)
    this.isChanged = new Uint8Array(deviceCount)
    this.counts = Array.from(
      { length: deviceCount },
      (_, d) => (op: number, arrival: number) => this.isCurrent(op, d, arrival),
    )
    this.waitingFor = Int32Array.from(
      { length: graph.ops.length },
      (_, op) => graph.inStart[op + 1] - graph.inStart[op],
    )
    this.groupDevice = new Int32Array(graph.groupNames.length).fill(-1)
    this.parked = Array.from({ length: deviceCount }, () => new Heap())
    this.retriesLeft = new Uint8Array(deviceCount)
    this.awaits = new Int32Array(deviceCount).fill(-1)
    this.urgentAt = new Float64Array(options.favouriteOf ? graph.ops.length : 0)
    this.slotOf = new Int32Array(graph.ops.length).fill(-1)
    this.arrivals = new Float64Array(64 * deviceCount)
    for (let op = 0; op < graph.ops.length; op++) if (this.waitingFor[op] === 0) this.makeReady(op)
  }

  /** Places the next op and returns it; -1 when no ready op fits anywhere. */
  step(): number {
    for (;;) {
      this.choose()
      const { chosenOp: op, chosenDevice: device, chosenStart: start } = this
      if (op < 0) {
        if (!this.retryLeft()) return -1
        continue
      }
      const arrival = this.scheduler.arrival(op, device)
      if (arrival > start) {
        this.queues[device].withdraw(op)
        this.isChanged[device] = 1
        this.enter(op, device, arrival)
        continue
      }
      if (this.excess(op, device, arrival) > 0) {
        this.park(op, device)
        continue
      }
      this.commit(op, device)
      return op
    }
  }

  /** Bytes over the limit if the op were committed now, at the start the core would give it. */
  private excess(op: number, device: number, arrival: number): number {
    if (!this.ledger) return 0
    return this.ledger.excess(
      op,
      device,
      this.scheduler.compute[device].fit(arrival, this.scheduler.opTicks(op, device)),
    )
  }

  /** The pair that could start first by what is known: greatest rank, least op and least device break ties. */
  private choose(): void {
    const { scheduler, awaits, headOp, headStart } = this
    this.chosenOp = -1
    this.chosenStart = Number.POSITIVE_INFINITY
    for (const d of this.open.devices) {
      const favourite = awaits[d]
      if (favourite < 0 || scheduler.opDevice[favourite] >= 0) {
        if (this.isChanged[d] || (headOp[d] >= 0 && !this.isCurrent(headOp[d], d, -1))) this.updateHead(d)
        this.consider(headOp[d], d, headStart[d])
        continue
      }
      const free = scheduler.compute[d].tail
      if (this.isCurrent(favourite, d, -1)) this.consider(favourite, d, Math.max(free, this.arrivalOf(favourite, d)))
      const urgent = this.mostUrgent(d)
      if (urgent >= 0) this.consider(urgent, d, Math.max(free, this.urgentAt[urgent], this.arrivalOf(urgent, d)))
    }
    if (this.chosenOp < 0 && this.options.favouriteOf) this.chooseWithoutWaiting()
  }

  private consider(op: number, device: number, start: number): void {
    if (op < 0 || start > this.chosenStart) return
    if (start === this.chosenStart) {
      const { rank, chosenOp } = this
      if (rank[op] < rank[chosenOp]) return
      if (rank[op] === rank[chosenOp] && (op > chosenOp || (op === chosenOp && device > this.chosenDevice))) return
    }
    this.chosenOp = op
    this.chosenDevice = device
    this.chosenStart = start
  }

  private updateHead(device: number): void {
    const queue = this.queues[device]
    this.headOp[device] = queue.best(this.scheduler.compute[device].tail, this.rank, this.counts[device])
    this.headStart[device] = queue.bestStart
    this.isChanged[device] = 0
  }

  /** Every device waits for a favourite that is not ready, or fits nowhere: waiting longer would be a deadlock. */
  private chooseWithoutWaiting(): void {
    if (this.awaits.every((favourite) => favourite < 0)) return
    this.awaits.fill(-1)
    this.choose()
  }

  /** The ready op that is soonest available everywhere and may run on the device. */
  private mostUrgent(device: number): number {
    const { urgent } = this
    while (urgent.size > 0 && this.scheduler.opDevice[urgent.topItem] >= 0) urgent.pop()
    return urgent.size > 0 && this.isCurrent(urgent.topItem, device, -1) ? urgent.topItem : -1
  }

  private commit(op: number, device: number): void {
    const { scheduler, problem } = this
    const { graph } = problem
    const firstCopy = scheduler.copyCount
    scheduler.commitOp(op, device)
    const group = graph.groupOf[op]
    if (group >= 0) this.groupDevice[group] = device
    this.freeSlots.push(this.slotOf[op])
    this.slotOf[op] = -1
    if (this.options.favouriteOf) {
      const favourite = this.options.favouriteOf[op]
      this.awaits[device] = favourite >= 0 && scheduler.opDevice[favourite] < 0 ? favourite : -1
    }
    const freed = this.ledger?.record(op, firstCopy)
    this.isChanged[device] = 1
    for (let c = firstCopy; c < scheduler.copyCount; c++) this.refreshReaders(scheduler.copyTensor[c], device)
    this.handOver(op)
    for (const d of this.open.use(device)) this.offerAll(d)
    for (let e = graph.outStart[op]; e < graph.outStart[op + 1]; e++)
      if (--this.waitingFor[graph.edgeTo[e]] === 0) this.makeReady(graph.edgeTo[e])
    if (!freed) return
    // What is freed later than a parked op would have started helps it only once the device is busy until then.
    if (!freed.includes(device)) freed.push(device)
    for (const d of freed) this.retryParked(d)
  }

  private makeReady(op: number): void {
    const { deviceCount } = this.problem
    this.slotOf[op] = this.freeSlots.pop() ?? this.slots++
    this.opInSlot[this.slotOf[op]] = op
    if ((this.slotOf[op] + 1) * deviceCount > this.arrivals.length) {
      const larger = new Float64Array(2 * this.arrivals.length)
      larger.set(this.arrivals)
      this.arrivals = larger
    }
    const first = this.slotOf[op] * deviceCount
    this.arrivals.fill(Number.NaN, first, first + deviceCount)
    const fixed = this.fixedDevice(op)
    let everywhere = 0
    if (fixed >= 0) everywhere = this.offer(op, fixed)
    else for (const d of this.open.devices) everywhere = Math.max(everywhere, this.offer(op, d))
    if (!this.options.favouriteOf) return
    this.urgentAt[op] = everywhere
    this.urgent.push(op, everywhere, this.rank[op])
  }

  /** The only device that may take the op; -1: any. */
  private fixedDevice(op: number): number {
    const group = this.problem.graph.groupOf[op]
    return this.options.fixedDevice?.[op] ?? (group < 0 ? -1 : this.groupDevice[group])
  }

  /** A device was opened: every ready op might go there. */
  private offerAll(device: number): void {
    for (let slot = 0; slot < this.slots; slot++) {
      const op = this.opInSlot[slot]
      if (this.slotOf[op] === slot && this.fixedDevice(op) < 0) this.offer(op, device)
    }
  }

  /** Enters the pair in the device's queue at its present arrival, if the op may run there. */
  private offer(op: number, device: number): number {
    if (this.scheduler.opTicks(op, device) < 0) return 0
    const arrival = this.scheduler.arrival(op, device)
    this.enter(op, device, arrival)
    return arrival
  }

  /** Enters the pair at the arrival just worked out: in the queue, or behind another op that waits for the same tensor. */
  private enter(op: number, device: number, arrival: number): void {
    this.arrivals[this.slotOf[op] * this.problem.deviceCount + device] = arrival
    const tensor = this.scheduler.lastToArrive
    if (tensor >= 0 && this.followers.isShared(tensor) && this.isSettled(op)) {
      if (this.followers.joins(op, device, tensor)) return
    }
    this.queues[device].push(op, arrival, this.rank[op])
    this.isChanged[device] = 1
  }

  /** No longer to be fixed to a device by another op of its group, which would leave those behind it without a leader. */
  private isSettled(op: number): boolean {
    const group = this.problem.graph.groupOf[op]
    return group < 0 || this.groupDevice[group] >= 0
  }

  /** The op does not fit on the device now. */
  private park(op: number, device: number): void {
    const tensor = this.scheduler.lastToArrive
    this.parked[device].push(op, 0, this.rank[op])
    this.arrivals[this.slotOf[op] * this.problem.deviceCount + device] = Number.NaN
    this.isChanged[device] = 1
    if (tensor >= 0 && this.followers.leads(op, device, tensor)) this.succeed(tensor, device)
  }

  /** The op is placed: where it led others, the next of them leads. */
  private handOver(op: number): void {
    const { inStart, inEdge, edgeTensor } = this.problem.graph
    for (let k = inStart[op]; k < inStart[op + 1]; k++) {
      const tensor = edgeTensor[inEdge[k]]
      if (tensor >= 0 && this.followers.isShared(tensor))
        for (const d of this.followers.leave(op, tensor)) this.succeed(tensor, d)
    }
  }

  private succeed(tensor: number, device: number): void {
    for (let op = 0; op >= 0; ) {
      op = this.followers.succeed(tensor, device)
      if (op < 0 || !this.isCurrent(op, device, -1)) continue
      this.offer(op, device)
      return
    }
  }

  /** A tensor has reached a device: its ready readers may start earlier there. */
  private refreshReaders(tensor: number, device: number): void {
    const { consumerStart, consumerOp } = this.problem.graph
    this.followers.dissolve(tensor, device)
    for (let k = consumerStart[tensor]; k < consumerStart[tensor + 1]; k++) {
      const op = consumerOp[k]
      if (this.slotOf[op] >= 0 && this.isCurrent(op, device, -1)) this.offer(op, device)
    }
  }

  /** Offers parked ops again, but those that could not fit whenever they start. Bounded: else a wide graph on full devices takes quadratic time. */
  private retryParked(device: number, most = mostRetries): void {
    const { parked, ledger } = this
    const unfit: number[] = []
    for (let k = 0; k < most && parked[device].size > 0; k++) {
      const op = parked[device].pop()
      if (this.slotOf[op] < 0) continue
      if (ledger!.shortage(op, device) > 0) unfit.push(op)
      else this.offer(op, device)
    }
    this.retriesLeft[device] = parked[device].size > 0 ? 1 : 0
    for (const op of unfit) parked[device].push(op, 0, this.rank[op])
  }

  /** Nothing else can be placed: whatever no retry reached is tried too. False when there is nothing of that kind. */
  private retryLeft(): boolean {
    const devices = [...this.retriesLeft.keys()].filter((d) => this.retriesLeft[d] > 0)
    for (const d of devices) this.retryParked(d, Number.POSITIVE_INFINITY)
    return devices.length > 0
  }

  private arrivalOf(op: number, device: number): number {
    return this.arrivals[this.slotOf[op] * this.problem.deviceCount + device]
  }

  /** The op is ready, unplaced, allowed on the device and not parked there, and the arrival (if given) is the latest known. */
  private isCurrent(op: number, device: number, arrival: number): boolean {
    if (this.slotOf[op] < 0) return false
    const group = this.problem.graph.groupOf[op]
    if (group >= 0 && this.groupDevice[group] >= 0 && this.groupDevice[group] !== device) return false
    const known = this.arrivalOf(op, device)
    return arrival < 0 ? !Number.isNaN(known) : known === arrival
  }

  /** After `step` gave -1: the ready op and device that lack least. */
  nearestMiss(placedOps: number): Extract<Attempt, { miss: unknown }>['miss'] {
    let nearest = { op: -1, device: -1, excessBytes: Number.POSITIVE_INFINITY }
    this.parked.forEach((ops, device) => {
      while (ops.size > 0) {
        const op = ops.pop()
        if (this.slotOf[op] < 0) continue
        const excessBytes = this.excess(op, device, this.scheduler.arrival(op, device))
        if (excessBytes < nearest.excessBytes) nearest = { op, device, excessBytes }
      }
    })
    if (nearest.op < 0) throw new InternalError('list scheduling stopped although no op was short of memory')
    return { placer: this.options.placer, placedOps, ...nearest }
  }
}
