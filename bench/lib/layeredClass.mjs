import { layeredGraph } from './layeredGraph.mjs'

/** Features that a large instance can have for itself; `plain` has none. */
export const layeredClasses = ['plain', 'memory', 'colocation', 'unequal', 'hosts']

/** Mean op 0.1 ms; a mean tensor travels 0.1 ms, or `dear` times that. */
const meanSeconds = 1e-4
const meanBytes = 1e6
const bytesPerSecond = 1e10

/**
 * A layered graph on `devices` devices with one feature. memory: parameters on each op, limits `tight` times an even share of what is kept to
 * the end of the step; colocation: two ops in five in groups of three to six, over neighbouring layers; unequal: half the devices 1.5 to 3 times as slow, op by op;
 * hosts: two hosts, a quarter of the rate between them.
 */
export function layeredClass(name, { ops, devices, seed, dear = 1, tight = 1.15 }) {
  const graph = layeredGraph(ops, { seed, meanSeconds, meanBytes: dear * meanBytes })
  const random = stream(seed)
  if (name === 'memory') for (const op of graph.ops) op.parameterBytes = Math.floor(4 * meanBytes * random())
  if (name === 'unequal')
    for (const op of graph.ops) op.seconds = { fast: op.seconds, slow: op.seconds * (1.5 + 1.5 * random()) }
  if (name === 'colocation') groupNeighbours(graph.ops, random)
  const interconnect = { topology: 'switch', bytesPerSecond, latencySeconds: 1e-6 }
  const hostCount = name === 'hosts' ? 2 : 1
  const perHost = devices / hostCount
  const network = { bytesPerSecond: bytesPerSecond / 4, latencySeconds: 1e-5 }
  const cluster = {
    name,
    transfers: 'half-duplex',
    hosts: Array.from({ length: hostCount }, (_, h) => ({
      firstDevice: h * perHost,
      deviceCount: perHost,
      ...(hostCount > 1 && { network }),
    })),
    devices: Array.from({ length: devices }, (_, d) => ({
      kind: name === 'unequal' ? ['fast', 'slow'][d % 2] : 'generic',
      host: Math.floor(d / perHost),
      memoryBytes: 1e15,
      interconnect,
    })),
  }
  const isRead = new Set(graph.edges.map(({ output }) => output))
  const kept = (op) => (op.parameterBytes ?? 0) + (isRead.has(op.outputs[0].name) ? 0 : op.outputs[0].bytes)
  const share = graph.ops.reduce((sum, op) => sum + kept(op), 0) / devices
  const limit = name === 'memory' ? tight * share : 1e15
  return { graph, cluster, limits: Array.from({ length: devices }, () => limit) }
}

function groupNeighbours(ops, random) {
  for (let first = 0; first < ops.length; first += 10 + Math.floor(5 * random())) {
    const size = 3 + Math.floor(4 * random())
    for (let k = 0; k < size; k++) {
      const op = ops[first + 7 * k]
      if (op && op.colocationGroup === undefined) op.colocationGroup = `group${first}`
    }
  }
}

function stream(seed) {
  let state = seed >>> 0
  return () => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0
    return state / 2 ** 32
  }
}
