import { Heap } from '../schedule/index.js'

/** Tensors with fewer readers are not worth the account. */
const fewestReaders = 16

/** Ready ops that lack the same tensor, and nothing that arrives later, on one device. */
interface Company {
  leader: number
  /** By rank. */
  followers: Heap | undefined
}

/** A shared tensor whose readers are not all placed, and who waits for it, by device. */
interface Reading {
  readersLeft: number
  readonly companies: Map<number, Company>
}

/**
 * Ready ops that wait on a device for the same tensor could all start there at the same time, however late that becomes: the one of greatest rank leads
 * and stands in the device's queue for all. Otherwise each transfer of a tensor with N readers to one of D devices would put N entries of every
 * other device's queue off, and a broadcast would cost N x D^2.
 */
export class Followers {
  private readonly readings = new Map<number, Reading>()

  constructor(
    private readonly consumerStart: Int32Array,
    private readonly rank: Float64Array,
  ) {}

  isShared(tensor: number): boolean {
    return this.consumerStart[tensor + 1] - this.consumerStart[tensor] >= fewestReaders
  }

  /** Whether another op stands for this one from now on; else it leads, and belongs in the queue. */
  joins(op: number, device: number, tensor: number): boolean {
    const company = this.companyOf(tensor, device)
    const { leader } = company
    if (leader === op) return false
    if (leader < 0 || this.rank[op] > this.rank[leader] || (this.rank[op] === this.rank[leader] && op < leader)) {
      // An op that led stays in the queue, beside the new leader.
      company.leader = op
      return false
    }
    company.followers ??= new Heap()
    company.followers.push(op, 0, this.rank[op])
    return true
  }

  leads(op: number, device: number, tensor: number): boolean {
    return this.readings.get(tensor)?.companies.get(device)?.leader === op
  }

  /** The op, a reader of the tensor, is placed; returns the devices on which it led. */
  leave(op: number, tensor: number): number[] {
    const reading = this.readingOf(tensor)
    const led: number[] = []
    for (const [device, { leader }] of reading.companies) if (leader === op) led.push(device)
    if (--reading.readersLeft === 0) this.readings.delete(tensor)
    return led
  }

  /** The follower that leads next, or -1; it may have been placed meanwhile. */
  succeed(tensor: number, device: number): number {
    const company = this.companyOf(tensor, device)
    company.leader = company.followers && company.followers.size > 0 ? company.followers.pop() : -1
    return company.leader
  }

  /** The tensor has reached the device: nobody waits for it there any more. */
  dissolve(tensor: number, device: number): void {
    this.readings.get(tensor)?.companies.delete(device)
  }

  private companyOf(tensor: number, device: number): Company {
    const { companies } = this.readingOf(tensor)
    const company = companies.get(device) ?? { leader: -1, followers: undefined }
    companies.set(device, company)
    return company
  }

  private readingOf(tensor: number): Reading {
    const known = this.readings.get(tensor)
    if (known) return known
    const readersLeft = this.consumerStart[tensor + 1] - this.consumerStart[tensor]
    const reading = { readersLeft, companies: new Map() }
    this.readings.set(tensor, reading)
    return reading
  }
}
