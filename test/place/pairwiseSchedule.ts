import { MemoryLedger, Scheduler, type SchedulingProblem } from '../../src/schedule/index.js'

/**
 * Earliest start first in its plainest form, for comparison: every pair of a ready op and a device is asked at every step, and one device is like any
 * other. Returns the commits as (op, device), short of all where memory lets nothing more in.
 */
export function pairwiseSchedule(problem: SchedulingProblem, rank: Float64Array): [op: number, device: number][] {
  const { graph, deviceCount } = problem
  const scheduler = new Scheduler(problem)
  const ledger = new MemoryLedger(problem, scheduler)
  const commits: [number, number][] = []
  /** Lower bounds of arrivals; NaN: the pair is parked or not allowed. */
  const known = graph.ops.map(() => new Array<number>(deviceCount).fill(Number.NaN))
  const parked = Array.from({ length: deviceCount }, () => new Set<number>())
  const groupDevice = graph.groupNames.map(() => -1)
  const ready = new Set<number>()

  const offer = (op: number, d: number) => {
    parked[d].delete(op)
    known[op][d] = scheduler.opTicks(op, d) < 0 ? Number.NaN : scheduler.arrival(op, d)
  }
  const makeReady = (op: number) => {
    ready.add(op)
    for (let d = 0; d < deviceCount; d++) offer(op, d)
  }
  const predecessors = (op: number) =>
    [...graph.inEdge.subarray(graph.inStart[op], graph.inStart[op + 1])].map((e) => graph.edgeFrom[e])
  const isReady = (op: number) =>
    scheduler.opDevice[op] < 0 && predecessors(op).every((p) => scheduler.opDevice[p] >= 0)
  const isAllowed = (op: number, d: number) => {
    const fixed = graph.groupOf[op] < 0 ? -1 : groupDevice[graph.groupOf[op]]
    return fixed < 0 || fixed === d
  }
  const first = () => {
    let best = { op: -1, d: -1, start: Number.POSITIVE_INFINITY }
    for (const op of [...ready].sort((a, b) => rank[b] - rank[a] || a - b))
      for (let d = 0; d < deviceCount; d++) {
        const start = Math.max(scheduler.compute[d].tail, known[op][d])
        if (isAllowed(op, d) && start < best.start) best = { op, d, start }
      }
    return best
  }
  const retryParked = (d: number) => {
    for (const op of parked[d]) if (isAllowed(op, d) && ledger.shortage(op, d) <= 0) offer(op, d)
  }

  for (const op of graph.topologicalOrder) if (isReady(op)) makeReady(op)
  while (ready.size > 0) {
    const { op, d, start } = first()
    if (op < 0) break
    const arrival = scheduler.arrival(op, d)
    if (arrival > start) known[op][d] = arrival
    else if (ledger.excess(op, d, scheduler.compute[d].fit(arrival, scheduler.opTicks(op, d))) > 0) {
      known[op][d] = Number.NaN
      parked[d].add(op)
    } else {
      const firstCopy = scheduler.copyCount
      scheduler.commitOp(op, d)
      ready.delete(op)
      for (const each of parked) each.delete(op)
      commits.push([op, d])
      if (graph.groupOf[op] >= 0) groupDevice[graph.groupOf[op]] = d
      const freed = ledger.record(op, firstCopy)
      for (let c = firstCopy; c < scheduler.copyCount; c++)
        for (const reader of ready)
          if (!Number.isNaN(known[reader][d]) && reads(problem, reader, scheduler.copyTensor[c])) offer(reader, d)
      for (const next of graph.edgeTo.subarray(graph.outStart[op], graph.outStart[op + 1]))
        if (!ready.has(next) && isReady(next)) makeReady(next)
      for (const each of new Set([...freed, d])) retryParked(each)
    }
  }
  return commits
}

function reads({ graph }: SchedulingProblem, op: number, tensor: number): boolean {
  return graph.consumerOp.subarray(graph.consumerStart[tensor], graph.consumerStart[tensor + 1]).includes(op)
}
