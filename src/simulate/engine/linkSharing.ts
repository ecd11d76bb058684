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
  /** Of the load, what is not yet at its rate; of the rate, what is not yet given away; weight that came to its rate last. */
  private readonly open: Float64Array
  private readonly residual: Float64Array
  private readonly settled: Float64Array
  private readonly share: Float64Array
  private readonly seenLink: Uint8Array
  private readonly seenFlow: Uint8Array
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
    this.seenFlow = new Uint8Array(taskCount)
    this.firstOfLink = new Int32Array(linkCount).fill(-1)
    this.next = new Int32Array(crossings)
    this.previous = new Int32Array(crossings)
    this.flowOf = new Int32Array(crossings)
    this.load = new Float64Array(linkCount)
    this.open = new Float64Array(linkCount)
    this.residual = new Float64Array(linkCount)
    this.settled = new Float64Array(linkCount)
    this.share = new Float64Array(linkCount)
    this.seenLink = new Uint8Array(linkCount)
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
    const all: number[][] = []
    for (const link of this.touched) {
      if (this.seenLink[link] || this.load[link] === 0) continue
      const { links, flows } = this.connected(link)
      this.fill(links, flows.length)
      for (const flow of flows) this.apply(flow, now)
      all.push(links)
    }
    for (const links of all) for (const link of links) this.seenLink[link] = 0
    this.touched = []
  }

  private connected(seed: number): { links: number[]; flows: number[] } {
    const { graph, next, flowOf, seenLink, seenFlow } = this
    const links = [seed]
    const flows: number[] = []
    seenLink[seed] = 1
    for (let k = 0; k < links.length; k++) {
      for (let c = this.firstOfLink[links[k]]; c >= 0; c = next[c]) {
        const flow = flowOf[c]
        if (seenFlow[flow]) continue
        seenFlow[flow] = 1
        flows.push(flow)
        for (let d = graph.linkStart[flow]; d < graph.linkStart[flow + 1]; d++) {
          const link = graph.link[d]
          if (seenLink[link]) continue
          seenLink[link] = 1
          links.push(link)
        }
      }
    }
    for (const flow of flows) {
      seenFlow[flow] = 0
      this.newRate[flow] = 0
    }
    return { links, flows }
  }

  private fill(component: readonly number[], flowCount: number): void {
    const { graph, open, residual, settled, share } = this
    for (const link of component) {
      open[link] = this.load[link]
      residual[link] = graph.linkRate[link]
    }
    const links = component.slice()
    let level = 0
    for (let left = flowCount; left > 0; ) {
      let least = Number.POSITIVE_INFINITY
      for (const link of links) {
        share[link] = residual[link] / open[link]
        if (share[link] < least) least = share[link]
      }
      // Rounding may leave a link a trifle less than it has given already.
      if (least > level) level = least
      for (const link of links) if (share[link] <= level) left -= this.hold(link, level)
      let kept = 0
      for (const link of links) {
        residual[link] -= level * settled[link]
        open[link] -= settled[link]
        settled[link] = 0
        if (open[link] > 0) links[kept++] = link
      }
      links.length = kept
    }
  }

  /** The link is full: its growing flows stay at this rate. Returns how many. */
  private hold(link: number, level: number): number {
    const { graph, newRate, settled } = this
    let count = 0
    for (let c = this.firstOfLink[link]; c >= 0; c = this.next[c]) {
      const flow = this.flowOf[c]
      if (newRate[flow] > 0) continue
      newRate[flow] = level
      count++
      for (let d = graph.linkStart[flow]; d < graph.linkStart[flow + 1]; d++)
        settled[graph.link[d]] += graph.linkWeight[d]
    }
    return count
  }

  private apply(flow: number, now: number): void {
    const { rate, remaining, since, newRate } = this
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
