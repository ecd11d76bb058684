import { meanOpTicks, type SchedulingProblem } from '../schedule/index.js'
import { mayRun, type Units, unitKeptBytes } from './improve/units.js'

/**
 * Maps of whole blocks: in pipeline order on 2, 3 ... devices in runs of even work, and dealt out in turn. A chain of layers gains from runs
 * (few transfers) and from turns (what does not lie on the chain, as optimizers and weight gradients, runs while another device goes on).
 * Only maps whose kept bytes fit.
 */
export function blockSeeds(problem: SchedulingProblem, blocks: Units): Int32Array[] {
  const order = blocksInOrder(problem, blocks)
  const ticks = blockTicks(problem, blocks)
  const kept = unitKeptBytes(problem, blocks)
  const seeds: Int32Array[] = []
  for (const devices of deviceCounts(problem))
    for (const turn of [0, 1, 2]) {
      const deviceOf = turn === 0 ? inRuns(order, ticks, devices) : inTurn(order, devices, turn)
      const map = expand(problem, blocks, kept, order, deviceOf)
      if (map) seeds.push(map)
    }
  return seeds
}

/** All, those of the first host, and fewer. */
function deviceCounts({ deviceCount, cluster }: SchedulingProblem): number[] {
  const counts = new Set([deviceCount, cluster.hosts[0].deviceCount])
  for (let count = deviceCount; count >= 2; count >>= 1) counts.add(count)
  counts.add(Math.min(3, deviceCount))
  return [...counts].filter((count) => count >= 2).sort((a, b) => a - b)
}

/** By where their ops stand in topological order, on average. */
function blocksInOrder({ graph }: SchedulingProblem, blocks: Units): number[] {
  const place = new Float64Array(blocks.count)
  graph.topologicalOrder.forEach((op, k) => {
    if ((graph.ops[op].phase ?? 'forward') === 'forward') place[blocks.unitOf[op]] += k
  })
  const ops = new Float64Array(blocks.count)
  for (let op = 0; op < graph.ops.length; op++)
    if ((graph.ops[op].phase ?? 'forward') === 'forward') ops[blocks.unitOf[op]]++
  const mean = place.map((sum, b) => (ops[b] > 0 ? sum / ops[b] : Number.POSITIVE_INFINITY))
  const order = Array.from(mean, (_, b) => b)
  return order.sort((a, b) => (mean[a] === mean[b] ? a - b : mean[a] - mean[b]))
}

function blockTicks(problem: SchedulingProblem, { count, unitOf }: Units): Float64Array {
  const ticks = new Float64Array(count)
  meanOpTicks(problem).forEach((mean, op) => {
    ticks[unitOf[op]] += mean
  })
  return ticks
}

function inRuns(order: readonly number[], ticks: Float64Array, devices: number): Int32Array {
  const share = ticks.reduce((sum, each) => sum + each, 0) / devices
  const deviceOf = new Int32Array(ticks.length)
  let done = 0
  for (const block of order) {
    deviceOf[block] = share > 0 ? Math.min(devices - 1, Math.floor((done + ticks[block] / 2) / share)) : 0
    done += ticks[block]
  }
  return deviceOf
}

/** Blocks go round the devices, `turn` neighbours at a time. */
function inTurn(order: readonly number[], devices: number, turn: number): Int32Array {
  const deviceOf = new Int32Array(order.length)
  order.forEach((block, k) => {
    deviceOf[block] = Math.floor(k / turn) % devices
  })
  return deviceOf
}

/** The map of ops; a block that its device cannot hold or run goes to the one with most room that can. Undefined when there is none. */
function expand(
  problem: SchedulingProblem,
  blocks: Units,
  kept: Float64Array,
  order: readonly number[],
  deviceOf: Int32Array,
): Int32Array | undefined {
  const room = problem.memoryLimits.slice()
  const map = new Int32Array(problem.graph.ops.length)
  for (const block of order) {
    const ops = blocks.ops.subarray(blocks.start[block], blocks.start[block + 1])
    const takes = (d: number) => room[d] >= kept[block] && ops.every((op) => mayRun(problem, op, d))
    let device = deviceOf[block]
    if (!takes(device)) {
      device = -1
      for (let d = 0; d < room.length; d++) if (takes(d) && (device < 0 || room[d] > room[device])) device = d
      if (device < 0) return undefined
    }
    room[device] -= kept[block]
    for (const op of ops) map[op] = device
  }
  return map
}
