import { memoryPeaks, replay, type SchedulingProblem } from '../../../src/schedule/index.js'

interface Activity {
  /** Op, or -1 and a tensor. */
  readonly op: number
  readonly tensor: number
  readonly to: number
  readonly ticks: number
  readonly before: readonly number[]
  readonly holds: readonly string[]
}

/**
 * The shortest makespan over every placement and every order of committing ops and transfers, each as early as it fits, within the memory limits;
 * Infinity when none fits. Nothing is pruned but partial schedules seen before or already as long as the best. For a handful of ops.
 */
export function bruteForce(problem: SchedulingProblem): number {
  const { graph, deviceCount, opTicks, kindOf } = problem
  const deviceOf = new Int32Array(graph.ops.length)
  let best = Number.POSITIVE_INFINITY
  const place = (op: number) => {
    if (op === deviceOf.length) {
      best = Math.min(best, shortest(problem, deviceOf, best))
      return
    }
    for (let d = 0; d < deviceCount; d++) {
      if (opTicks[kindOf[d]][op] < 0) continue
      const group = graph.groupOf[op]
      const mates = [...graph.groupOf].flatMap((g, other) => (group >= 0 && g === group && other < op ? [other] : []))
      if (mates.some((other) => deviceOf[other] !== d)) continue
      deviceOf[op] = d
      place(op + 1)
    }
  }
  place(0)
  return best
}

function shortest(problem: SchedulingProblem, deviceOf: Int32Array, limit: number): number {
  const activities = list(problem, deviceOf)
  const start = activities.map(() => -1)
  const order: number[] = []
  const seen = new Set<string>()
  let best = limit
  const earliest = ({ before, holds, ticks }: Activity): number => {
    let at = Math.max(0, ...before.map((b) => start[b] + activities[b].ticks))
    if (ticks === 0) return at
    const busy = activities
      .map((other, k) => ({ from: start[k], to: start[k] + other.ticks, holds: other.holds }))
      .filter((other) => other.from >= 0 && other.to > other.from && other.holds.some((each) => holds.includes(each)))
      .sort((a, b) => a.from - b.from)
    for (const other of busy) if (other.from < at + ticks && other.to > at) at = other.to
    return at
  }
  const commit = () => {
    const key = start.join()
    if (seen.has(key)) return
    seen.add(key)
    if (order.length === activities.length) {
      const schedule = replay(problem, deviceOf, {
        item: Int32Array.from(order, (k) => (activities[k].op < 0 ? activities[k].tensor : activities[k].op)),
        to: Int32Array.from(order, (k) => activities[k].to),
      })
      const peaks = memoryPeaks(problem, schedule)
      if (peaks.every((bytes, d) => bytes <= problem.memoryLimits[d])) best = Math.min(best, schedule.makespan)
      return
    }
    for (let k = 0; k < activities.length; k++) {
      if (start[k] >= 0 || activities[k].before.some((b) => start[b] < 0)) continue
      const at = earliest(activities[k])
      if (at + activities[k].ticks >= best) continue
      start[k] = at
      order.push(k)
      commit()
      order.pop()
      start[k] = -1
    }
  }
  commit()
  return best
}

function list(problem: SchedulingProblem, deviceOf: Int32Array): Activity[] {
  const { graph, hostOf, transfers, deviceCount, kindOf, opTicks, linkClassOf, transferTicks } = problem
  const moves = new Map<string, number>()
  const found: Activity[] = []
  const transmit = transfers === 'half-duplex' ? 'endpoint' : 'transmit'
  const receive = transfers === 'half-duplex' ? 'endpoint' : 'receive'
  for (let op = 0; op < deviceOf.length; op++)
    found.push({
      op,
      tensor: -1,
      to: -1,
      ticks: opTicks[kindOf[deviceOf[op]]][op],
      before: [],
      holds: [`d${deviceOf[op]}`],
    })
  for (let e = 0; e < graph.edgeFrom.length; e++) {
    const [u, v, tensor] = [graph.edgeFrom[e], graph.edgeTo[e], graph.edgeTensor[e]]
    const [a, b] = [deviceOf[u], deviceOf[v]]
    let before = u
    if (tensor >= 0 && a !== b) {
      const key = `${tensor}>${b}`
      before = moves.get(key) ?? found.length
      if (before === found.length) {
        const network = hostOf[a] === hostOf[b] ? [] : [`out ${hostOf[a]}`, `in ${hostOf[b]}`]
        const holds = transfers === 'uncontended' ? [] : [`${transmit} ${a}`, `${receive} ${b}`, ...network]
        const ticks = transferTicks[linkClassOf[a * deviceCount + b]][tensor]
        found.push({ op: -1, tensor, to: b, ticks, before: [u], holds })
        moves.set(key, before)
      }
    }
    found[v] = { ...found[v], before: [...found[v].before, before] }
  }
  return found
}
