import type { EventQueue } from './eventQueue.js'
import type { TaskGraph } from './taskGraph.js'

/** A quotient this close to a whole number misses it by rounding alone: some hundred times the error of one division. */
const roundingError = 2 ** -44

/**
 * The flows under way and their rates: max-min fair by progressive filling (Bertsekas and Gallager, Data Networks, 6.5.2). All flows grow
 * alike until a link is full; its flows stay at that rate, the others go on.
 *
 * Folded and unfolded systems agree to the bit because nothing here depends on how many equal flows make up a weight: weights are
 * whole and summed before they meet a rate, links with equal shares fill together, and a flow's progress is settled only when its
 * own rate changes.
 */
export class LinkSharing {
  private readonly rate: Float64Array
  private readonly remaining: Float64Array
  /** `remaining` is as of this time. */
  private readonly since: Float64Array
  private readonly newRate: Float64Array
  /** Crossings (positions in graph.link) of flows under way, a chain for each link. */
  private readonly firstOfLink: Int32Array
  private readonly next: Int32Array
  private readonly previous: Int32Array
  private readonly flowOf: Int32Array
  /** Sum of weights on each link. */
  private readonly load: Float64Array
  /** Of the load, what still grows; of the rate, what is not given away; what each growing flow would get; weight just given its rate. */
  private readonly growing: Float64Array
  private readonly residual: Float64Array
  private readonly share: Float64Array
  private readonly given: Float64Array
  private readonly isSeenLink: Uint8Array
  private readonly isSeenFlow: Uint8Array
  /** Connected parts one after the other, and the links of one of them that are not full. */
  private readonly links: Int32Array
  private readonly flows: Int32Array
  private readonly open: Int32Array
  /** Links whose flows changed since rates were last shared out. */
  private touched: number[] = []

  constructor(
    private readonly graph: TaskGraph,
    private readonly queue: EventQueue,
  ) {
    const crossings = graph.link.length
    const taskCount = crossings > 0 ? graph.taskCount : 0
    const linkCount = graph.linkRate.length
    this.rate = new Float64Array(taskCount)
    this.remaining = new Float64Array(taskCount)
    this.since = new Float64Array(taskCount)
    this.newRate = new Float64Array(taskCount)
    this.isSeenFlow = new Uint8Array(taskCount)
    this.flows = new Int32Array(taskCount)
    this.firstOfLink = new Int32Array(linkCount).fill(-1)
    this.next = new Int32Array(crossings)
    this.previous = new Int32Array(crossings)
    this.flowOf = new Int32Array(crossings)
    this.load = new Float64Array(linkCount)
    this.growing = new Float64Array(linkCount)
    this.residual = new Float64Array(linkCount)
    this.share = new Float64Array(linkCount)
    this.given = new Float64Array(linkCount)
    this.isSeenLink = new Uint8Array(linkCount)
    this.links = new Int32Array(linkCount)
    this.open = new Int32Array(linkCount)
  }

  /** A flow that has not entered, or has only just, has no rate. */
  isUnderWay(flow: number): boolean {
    return this.rate[flow] > 0
  }

  enter(flow: number): void {
    const { graph, firstOfLink, next, previous } = this
    this.remaining[flow] = graph.bytes[flow]
    for (let c = graph.linkStart[flow]; c < graph.linkStart[flow + 1]; c++) {
      const link = graph.link[c]
      const first = firstOfLink[link]
      this.flowOf[c] = flow
      previous[c] = -1
      next[c] = first
      if (first >= 0) previous[first] = c
      firstOfLink[link] = c
      this.load[link] += graph.linkWeight[c]
      this.touched.push(link)
    }
  }

  leave(flow: number): void {
    const { graph, next, previous } = this
    for (let c = graph.linkStart[flow]; c < graph.linkStart[flow + 1]; c++) {
      const link = graph.link[c]
      if (previous[c] >= 0) next[previous[c]] = next[c]
      else this.firstOfLink[link] = next[c]
      if (next[c] >= 0) previous[next[c]] = previous[c]
      this.load[link] -= graph.linkWeight[c]
      this.touched.push(link)
    }
  }

  /** Gives new rates to all flows that are connected with what changed, and moves their ends in the queue. */
  shareOut(now: number): void {
    const { touched, isSeenLink, links, flows } = this
    let seen = 0
    for (const seed of touched) {
      if (isSeenLink[seed] || this.load[seed] === 0) continue
      isSeenLink[seed] = 1
      links[seen] = seed
      const from = seen++
      let flowCount = 0
      for (let k = from; k < seen; k++) [seen, flowCount] = this.spread(links[k], seen, flowCount)
      this.fill(from, seen, flowCount)
      for (let k = 0; k < flowCount; k++) this.apply(flows[k], now)
    }
    for (let k = 0; k < seen; k++) isSeenLink[links[k]] = 0
    touched.length = 0
  }

  /** Adds the link's flows and their links to what is seen. */
  private spread(from: number, seenLinks: number, seenFlows: number): [number, number] {
    const { graph, next, flowOf, isSeenLink, isSeenFlow, links, flows, newRate } = this
    let linkCount = seenLinks
    let flowCount = seenFlows
    for (let c = this.firstOfLink[from]; c >= 0; c = next[c]) {
      const flow = flowOf[c]
      if (isSeenFlow[flow]) continue
      isSeenFlow[flow] = 1
      newRate[flow] = 0
      flows[flowCount++] = flow
      for (let d = graph.linkStart[flow]; d < graph.linkStart[flow + 1]; d++) {
        const link = graph.link[d]
        if (isSeenLink[link]) continue
        isSeenLink[link] = 1
        links[linkCount++] = link
      }
    }
    return [linkCount, flowCount]
  }

  private fill(from: number, to: number, flowCount: number): void {
    const { growing, residual, share, given, open, links } = this
    let openCount = 0
    let least = Number.POSITIVE_INFINITY
    for (let k = from; k < to; k++) {
      const link = links[k]
      growing[link] = this.load[link]
      residual[link] = this.graph.linkRate[link]
      share[link] = residual[link] / growing[link]
      if (share[link] < least) least = share[link]
      open[openCount++] = link
    }
    let level = 0
    for (let left = flowCount; left > 0; ) {
      // Rounding may leave a link a trifle less than it has given already.
      if (least > level) level = least
      for (let k = 0; k < openCount; k++) if (share[open[k]] <= level) left -= this.hold(open[k], level)
      let kept = 0
      least = Number.POSITIVE_INFINITY
      for (let k = 0; k < openCount; k++) {
        const link = open[k]
        if (given[link] > 0) {
          growing[link] -= given[link]
          residual[link] -= level * given[link]
          given[link] = 0
          if (growing[link] === 0) continue
          share[link] = residual[link] / growing[link]
        }
        if (share[link] < least) least = share[link]
        open[kept++] = link
      }
      openCount = kept
    }
  }

  /** The link is full: its growing flows stay at this rate. Returns how many. */
  private hold(link: number, level: number): number {
    const { graph, newRate, given } = this
    let count = 0
    for (let c = this.firstOfLink[link]; c >= 0; c = this.next[c]) {
      const flow = this.flowOf[c]
      if (newRate[flow] > 0) continue
      newRate[flow] = level
      count++
      for (let d = graph.linkStart[flow]; d < graph.linkStart[flow + 1]; d++)
        given[graph.link[d]] += graph.linkWeight[d]
    }
    return count
  }

  private apply(flow: number, now: number): void {
    const { rate, remaining, since, newRate } = this
    this.isSeenFlow[flow] = 0
    if (newRate[flow] === rate[flow]) return
    remaining[flow] -= rate[flow] * (now - since[flow])
    since[flow] = now
    rate[flow] = newRate[flow]
    this.queue.set(flow, now + Math.max(1, wholeTicks(remaining[flow] / rate[flow])))
  }
}

function wholeTicks(ticks: number): number {
  const nearest = Math.round(ticks)
  return Math.abs(ticks - nearest) <= ticks * roundingError ? nearest : Math.ceil(ticks)
}
