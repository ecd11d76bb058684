import { fail } from '../../errors/index.js'
import type { OpGraph } from '../../graph/index.js'
import { transferLink } from '../../hardware/index.js'
import type { SchedulingProblem } from '../../schedule/index.js'
import { randomStream } from '../improve/random.js'
import { type ChainPartition, chainPartition } from './chainPartition.js'
import { contract } from './contract.js'
import { type IdealLattice, idealLattice, prefixLattice } from './idealLattice.js'
import { linearOrder } from './linearOrder.js'
import { LoadNets } from './loadNets.js'
import { type LoadProblem, loadProblem } from './loadProblem.js'
import { type PipelineOrder, pipelineOrder } from './pipelineOrder.js'
import {
  crossingBytes,
  replicaCosts,
  type StageProblem,
  type StageRules,
  stageBytes,
  stageSeconds,
} from './replicaCosts.js'

export interface StagesOptions {
  readonly mostReplicas: number
  /** Do ops hold their backward pass, as in PipeDream's profiles? Else a graph without backward ops is inference. */
  readonly opsHoldBackward: boolean
  /** Must stages fit in memory? PipeDream's planner does not ask unless told to. */
  readonly bindsMemory: boolean
  /** Ops that only read input: they cost nothing and belong to the first stage. */
  readonly inputOps: ReadonlySet<number>
}

export interface PlannedStage {
  readonly ops: readonly number[]
  readonly devices: readonly number[]
  readonly seconds: number
  /** Compute of one microbatch, on one device. */
  readonly computeSeconds: number
  /** On each replica: parameters, and activations of all microbatches in flight. */
  readonly bytes: number
}

export interface StagesPlan {
  readonly stages: readonly PlannedStage[]
  readonly maxSeconds: number
  readonly boundSeconds: number
  readonly isProved: boolean
  readonly method: string
}

const mostIdeals = 60_000
const mostWork = 40_000_000
const totalOrders = 24
/** With more devices, stages take them by so many at a time that there are no more units. */
const mostUnits = 64

/**
 * A pipeline of stages, each replicated on some of the devices, with the least time per microbatch: the dynamic programme over (ideal, devices
 * used), or over total orders where the ideals are too many.
 * Source: PipeDream (Narayanan et al., SOSP 2019), section 3.1; over ideals, as Tarnawski et al. 2020, appendix C.2.
 */
export function planStages(problem: SchedulingProblem, options: StagesOptions): StagesPlan {
  if (problem.graph.ops.length === 0) fail('E206', 'there is nothing to place', { where: problem.graph.name })
  const { loads, blockOf } = loadProblem(problem, { countsOutputs: false })
  const order = pipelineOrder(problem.graph, blockOf, loads.blockCount, true)
  const componentOf = blockOf.map((b) => order.componentOf[b])
  const rules = stageRules(problem, options)
  const stageProblem = stageProblemOf(problem, componentOf, order.count, rules, options.inputOps)
  const { found, lattice, ideals, grain, isProved } = search(
    stageProblem,
    contract(loads, order.componentOf, order.count),
    order,
  )
  if (!found.chunks)
    fail('E301', 'no stages were found that fit in memory', { where: problem.cluster.name, fix: 'raise the limit' })
  const stages = stagesOf(problem, stageProblem, found, lattice, componentOf, grain, options.inputOps)
  const total = stageProblem.seconds.reduce((sum, seconds) => sum + seconds, 0)
  return {
    stages,
    maxSeconds: found.load,
    boundSeconds: isProved ? found.load : total / rules.deviceCount,
    isProved,
    method: isProved ? `dynamic programme over all ${ideals} ideals` : `best of ${totalOrders} total orders`,
  }
}

function stageRules(
  problem: SchedulingProblem,
  { mostReplicas, opsHoldBackward, bindsMemory }: StagesOptions,
): StageRules {
  const { cluster, graph, deviceCount, memoryLimits } = problem
  if (new Set(cluster.devices.map(({ kind }) => kind)).size > 1)
    fail('E100', 'replicated stages need devices of one kind', { where: cluster.name, fix: '--no-replicate' })
  let bytesPerSecond = Number.POSITIVE_INFINITY
  for (let d = 1; d < deviceCount; d++)
    bytesPerSecond = Math.min(bytesPerSecond, transferLink(cluster, 0, d).bytesPerSecond)
  const hasBackward = graph.ops.some(({ phase }) => phase === 'backward')
  return {
    deviceCount,
    mostReplicas,
    bytesPerSecond,
    passes: opsHoldBackward && !hasBackward ? 2 : 1,
    syncsWeights: opsHoldBackward || hasBackward,
    memoryBytes: bindsMemory ? Math.min(...memoryLimits) : Number.POSITIVE_INFINITY,
  }
}

function stageProblemOf(
  { graph, opTicks, ticksPerSecond }: SchedulingProblem,
  componentOf: Int32Array,
  componentCount: number,
  rules: StageRules,
  inputOps: ReadonlySet<number>,
): StageProblem {
  const seconds = new Float64Array(componentCount)
  const parameterBytes = new Float64Array(componentCount)
  const activationBytes = new Float64Array(componentCount)
  const tensors = new LoadNets()
  componentOf.forEach((c, op) => {
    if (inputOps.has(op)) return
    seconds[c] += opTicks[0][op] / ticksPerSecond
    parameterBytes[c] += graph.parameterBytes[op]
    activationBytes[c] += outputBytes(graph, op)
    for (let k = graph.outputStart[op]; k < graph.outputStart[op + 1]; k++) {
      const t = graph.outputTensor[k]
      const readers = graph.consumerOp.subarray(graph.consumerStart[t], graph.consumerStart[t + 1])
      tensors.add([c, ...Array.from(readers, (reader) => componentOf[reader])], graph.tensorBytes[t])
    }
  })
  return { componentCount, seconds, parameterBytes, activationBytes, tensors, rules }
}

function outputBytes({ outputStart, outputTensor, tensorBytes }: OpGraph, op: number): number {
  let bytes = 0
  for (let k = outputStart[op]; k < outputStart[op + 1]; k++) bytes += tensorBytes[outputTensor[k]]
  return bytes
}

function search(problem: StageProblem, loads: LoadProblem, order: PipelineOrder) {
  const { deviceCount, mostReplicas } = problem.rules
  const grain = mostReplicas === 1 ? 1 : Math.ceil(deviceCount / mostUnits)
  const units = Math.floor(deviceCount / grain)
  const run = (lattice: IdealLattice, limit: number) =>
    chainPartition(lattice, [units], replicaCosts(problem, lattice, grain), limit, mostWork)
  const random = randomStream(1)
  let lattice = prefixLattice(linearOrder(loads, order, { random, greed: 1 }))
  let found: ChainPartition = run(lattice, Number.POSITIVE_INFINITY)
  const all = idealLattice(order, mostIdeals)
  for (let trial = 1; trial < (all ? 4 : totalOrders); trial++) {
    const other = prefixLattice(linearOrder(loads, order, { random, greed: random() }))
    const better = run(other, found.load)
    if (better.chunks) [lattice, found] = [other, better]
  }
  if (!all) return { found, lattice, ideals: mostIdeals, grain, isProved: false }
  const exact = run(all, found.load)
  if (exact.chunks) [lattice, found] = [all, exact]
  return { found, lattice, ideals: all.count, grain, isProved: exact.isProved && grain === 1 }
}

function stagesOf(
  { graph, opTicks, ticksPerSecond }: SchedulingProblem,
  stageProblem: StageProblem,
  { chunks = [] }: ChainPartition,
  lattice: IdealLattice,
  componentOf: Int32Array,
  grain: number,
  inputOps: ReadonlySet<number>,
): PlannedStage[] {
  const { rules } = stageProblem
  const crossing = crossingBytes(stageProblem, lattice)
  const stageOf = new Int32Array(stageProblem.componentCount)
  for (let s = chunks.length - 1; s >= 0; s--)
    for (let at = chunks[s].to; at > 0; at = lattice.parent[at]) stageOf[lattice.last[at]] = s
  let used = 0
  return chunks.map(({ from, to, option }, s) => {
    const ops = graph.ops.map((_, op) => op).filter((op) => (inputOps.has(op) ? 0 : stageOf[componentOf[op]]) === s)
    const sum = (value: (op: number) => number) =>
      ops.reduce((total, op) => total + (inputOps.has(op) ? 0 : value(op)), 0)
    const replicas = (option + 1) * grain
    const seconds = sum((op) => opTicks[0][op]) / ticksPerSecond
    const parameterBytes = sum((op) => graph.parameterBytes[op])
    const activationBytes = sum((op) => outputBytes(graph, op))
    const bytes = stageBytes(parameterBytes, activationBytes, replicas, rules.deviceCount - used)
    const devices = Array.from({ length: replicas }, (_, k) => used + k)
    used += replicas
    const stage = { seconds, parameterBytes, entering: crossing[from], leaving: crossing[to], isFirst: s === 0 }
    return {
      ops,
      devices,
      seconds: stageSeconds(rules, replicas, stage),
      computeSeconds: seconds / replicas,
      bytes,
    }
  })
}
