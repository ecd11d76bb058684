/**
 * A small random placement problem: graph, cluster and bytes per device. Seeded: the same numbers give the same problem. Every second one is
 * plain (equal devices, ample memory); the others mix unlike kinds, two hosts, colocation groups, control edges, several outputs and limits.
 * With `only` (memory, colocation, unequal or hosts) it has that feature for certain and is plain otherwise.
 */
export function smallInstance(seed, opCount, { only, plain = only !== undefined || seed % 2 === 0, devices } = {}) {
  const random = stream(seed)
  const below = (n) => Math.floor(random() * n)
  const pick = (...list) => list[below(list.length)]
  const count = devices ?? (only === 'hosts' ? 3 : 2) + below(only === 'hosts' ? 2 : 3)
  // Mean transfer over mean op time: from nearly free to dear.
  const ratio = pick(0.1, 0.5, 1, 2, 4)
  const density = pick(0.15, 0.3, 0.5)
  const kinds = only === 'unequal' ? ['fast', 'slow'] : plain ? ['generic'] : pick(['generic'], ['fast', 'slow'])
  const milliseconds = () => (random() < 0.05 && !plain ? 0 : 1 + below(9) + (random() < 0.5 ? below(1000) / 1000 : 0))
  const ops = Array.from({ length: opCount }, (_, i) => {
    const outputs = Array.from({ length: plain || random() < 0.8 ? 1 : 2 }, (_, k) => ({
      name: `t${i}.${k}`,
      bytes: Math.round(5000 * ratio * (0.2 + 1.6 * random())),
    }))
    const seconds =
      kinds.length === 1 ? milliseconds() / 1000 : { fast: milliseconds() / 1000, slow: (1.5 * milliseconds()) / 1000 }
    const more = plain && only !== 'memory' ? {} : { parameterBytes: below(4000), temporaryBytes: below(2000) }
    if (only === 'colocation' ? random() < 0.5 : !plain && random() < 0.15) more.colocationGroup = pick('g', 'h')
    return { name: `op${i}`, type: 'Op', seconds, outputs, ...more }
  })
  const edges = []
  for (let to = 1; to < opCount; to++)
    for (let from = 0; from < to; from++) {
      if (random() >= density) continue
      const output = ops[from].outputs[below(ops[from].outputs.length)]
      const isControl = !plain && random() < 0.1
      edges.push({
        from: `op${from}`,
        to: `op${to}`,
        ...(isControl ? {} : { output: output.name, bytes: output.bytes }),
      })
    }
  const hosts = only === 'hosts' ? 2 : plain ? 1 : pick(1, 1, 2)
  const cluster = clusterOf(count, kinds, hosts, pick('full-duplex', 'half-duplex', 'uncontended'))
  const all = ops.reduce(
    (sum, op) =>
      sum + (op.parameterBytes ?? 0) + (op.temporaryBytes ?? 0) + op.outputs.reduce((s, each) => s + each.bytes, 0),
    0,
  )
  const isTight = only === 'memory' || (!plain && random() >= 0.5)
  const tight = isTight ? 0.25 + 0.6 * random() : 2
  const limits = cluster.devices.map(() => Math.ceil(tight * all))
  return { graph: { name: `small-${seed}`, ops, edges, parameters: [] }, cluster, limits }
}

/** Links of 1 kB/ms inside a host and twice as slow between hosts. */
function clusterOf(count, kinds, hostCount, transfers) {
  const first = Math.ceil(count / hostCount)
  const sizes = hostCount === 1 || count < 3 ? [count] : [first, count - first]
  const network = sizes.length > 1 ? { network: { bytesPerSecond: 5e5, latencySeconds: 1e-4 } } : {}
  const devices = []
  const hosts = sizes.map((deviceCount, host) => {
    const firstDevice = devices.length
    for (let k = 0; k < deviceCount; k++)
      devices.push({
        kind: kinds[devices.length % kinds.length],
        host,
        memoryBytes: 1e12,
        interconnect: { topology: 'switch', bytesPerSecond: 1e6, latencySeconds: 0 },
      })
    return { firstDevice, deviceCount, ...network }
  })
  return { name: 'small', transfers, hosts, devices }
}

function stream(seed) {
  let state = Math.imul(seed + 1, 0x9e3779b1) >>> 0
  return () => {
    state = (state + 0x6d2b79f5) >>> 0
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state)
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32
  }
}
