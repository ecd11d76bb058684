import type { SchedulingProblem } from '../../../src/schedule/index.js'

/** The largest load of a placement as the format's words have it: by op, by device, with sets of senders; CPUs pool. Infinity when it is illegal. */
export function loadOf(problem: SchedulingProblem, deviceOf: ArrayLike<number>): number {
  const { graph, cluster, opTicks, kindOf, transferTicks, memoryLimits } = problem
  const isCpu = (d: number) => cluster.devices[d].kind === 'cpu'
  const cpus = cluster.devices.filter(({ kind }) => kind === 'cpu').length
  const loads = cluster.devices.map(() => 0)
  const bytes = cluster.devices.map(() => 0)
  const moved = cluster.devices.map(() => new Set<number>())
  let pool = 0
  for (let op = 0; op < graph.ops.length; op++) {
    const d = deviceOf[op]
    const ticks = opTicks[kindOf[d]][op]
    if (ticks < 0) return Number.POSITIVE_INFINITY
    if (isCpu(d)) pool += ticks / cpus
    else loads[d] += ticks
    bytes[d] += graph.parameterBytes[op]
  }
  for (let e = 0; e < graph.edgeFrom.length; e++) {
    const [from, to] = [deviceOf[graph.edgeFrom[e]], deviceOf[graph.edgeTo[e]]]
    const tensor = graph.edgeTensor[e]
    if (from === to || tensor < 0) continue
    moved[from].add(tensor)
    moved[to].add(tensor)
  }
  moved.forEach((tensors, d) => {
    if (!isCpu(d)) for (const t of tensors) loads[d] += transferTicks[0][t]
  })
  if (bytes.some((held, d) => !isCpu(d) && held > memoryLimits[d])) return Number.POSITIVE_INFINITY
  return Math.max(pool, ...loads)
}

/** Can the devices be put in a row so that every forward edge goes along it, and does no path of backward ops leave a device and come back? */
export function isContiguous({ graph, cluster }: SchedulingProblem, deviceOf: ArrayLike<number>): boolean {
  const unit = (op: number) => {
    const d = deviceOf[op]
    return cluster.devices[d].kind === 'cpu' ? -1 : d
  }
  const isBackward = (op: number) => graph.ops[op].phase === 'backward'
  const edges = Array.from(graph.edgeFrom, (from, e) => [from, graph.edgeTo[e]] as const)
  const forward = edges.filter(([u, v]) => !isBackward(u) && !isBackward(v) && unit(u) !== unit(v))
  let rest = [...new Set(forward.flat().map(unit))]
  while (rest.length > 0) {
    const free = rest.filter((d) => !forward.some(([u, v]) => unit(v) === d && rest.includes(unit(u))))
    if (free.length === 0) return false
    rest = rest.filter((d) => !free.includes(d))
  }
  const backward = edges.filter(([u, v]) => isBackward(u) && isBackward(v))
  const returns = (home: number, op: number, hasLeft: boolean): boolean =>
    backward.some(
      ([u, v]) => u === op && (unit(v) === home ? hasLeft || returns(home, v, false) : returns(home, v, true)),
    )
  return graph.ops.every((_, op) => !isBackward(op) || !returns(unit(op), op, false))
}

/** The least largest load over all maps of groups to devices; the pool counts as its first CPU. */
export function leastLoad(problem: SchedulingProblem, mustBeContiguous: boolean): number {
  const { graph, cluster, deviceCount } = problem
  const firstCpu = cluster.devices.findIndex(({ kind }) => kind === 'cpu')
  const devices = Array.from({ length: deviceCount }, (_, d) => d).filter(
    (d) => cluster.devices[d].kind !== 'cpu' || d === firstCpu,
  )
  const deviceOf = new Int32Array(graph.ops.length).fill(-1)
  let best = Number.POSITIVE_INFINITY
  const assign = (op: number): void => {
    if (op === deviceOf.length) {
      const load = loadOf(problem, deviceOf)
      if (load < best && (!mustBeContiguous || isContiguous(problem, deviceOf))) best = load
      return
    }
    const group = graph.groupOf[op]
    const mate = group < 0 ? -1 : graph.groupOf.indexOf(group)
    for (const d of mate >= 0 && mate < op ? [deviceOf[mate]] : devices) {
      deviceOf[op] = d
      assign(op + 1)
    }
  }
  assign(0)
  return best
}
