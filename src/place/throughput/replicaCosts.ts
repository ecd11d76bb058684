import type { ChunkCosts } from './chainPartition.js'
import { floorMover } from './floorMover.js'
import type { IdealLattice } from './idealLattice.js'
import type { LoadNets } from './loadNets.js'

/** What a stage of a replicated pipeline is made of: components with seconds, bytes and the tensors between them. */
export interface StageProblem {
  readonly componentCount: number
  readonly seconds: Float64Array
  readonly parameterBytes: Float64Array
  readonly activationBytes: Float64Array
  /** Tensors by the components that make and read them; they cost their bytes. */
  readonly tensors: LoadNets
  readonly rules: StageRules
}

export interface StageRules {
  readonly deviceCount: number
  readonly mostReplicas: number
  /** Of a device's link, for activations and for weights. */
  readonly bytesPerSecond: number
  /** 2 where backward ops are inside their forward ops and a gradient goes back for each activation, else 1. */
  readonly passes: 1 | 2
  /** Do replicas share gradients? Not when there is no backward pass. */
  readonly syncsWeights: boolean
  /** Infinity: memory does not bind. */
  readonly memoryBytes: number
}

/**
 * Seconds of a stage on r replicas: (compute + 4 (r-1)/r x parameters / rate) / r, since each replica takes every r-th microbatch; and no less
 * than its transfers take, which overlap: passes x boundary / rate / r for what enters it, and but for the first stage for what leaves it.
 * Source: PipeDream (Narayanan et al., SOSP 2019), section 3.1, with the constants of its published planner.
 */
export function stageSeconds(
  rules: StageRules,
  replicas: number,
  stage: {
    readonly seconds: number
    readonly parameterBytes: number
    readonly entering: number
    readonly leaving: number
    readonly isFirst: boolean
  },
): number {
  const { bytesPerSecond, passes, syncsWeights } = rules
  const sync = syncsWeights ? (4 * (replicas - 1) * stage.parameterBytes) / (bytesPerSecond * replicas) : 0
  const busy = (stage.seconds + sync) / replicas
  if (stage.isFirst) return busy
  return Math.max(busy, (passes * Math.max(stage.entering, stage.leaving)) / (bytesPerSecond * replicas))
}

/**
 * Bytes that one of `replicas` holds: parameters, and the activations of every microbatch in flight, of which a stage keeps as many as it takes
 * to fill the devices from here to the end of the pipeline (same source, section 3.2: one forward, one backward).
 */
export function stageBytes(parameterBytes: number, activationBytes: number, replicas: number, devicesFromHere: number) {
  return parameterBytes + activationBytes * Math.ceil(devicesFromHere / replicas)
}

/** Chunk loads for the dynamic programme: option r-1 is r x grain replicas. They follow from the two ideals alone. */
export function replicaCosts(problem: StageProblem, lattice: IdealLattice, grain: number): ChunkCosts {
  const { rules } = problem
  const seconds = prefixSums(lattice, problem.seconds)
  const parameterBytes = prefixSums(lattice, problem.parameterBytes)
  const activationBytes = prefixSums(lattice, problem.activationBytes)
  const crossing = crossingBytes(problem, lattice)
  const total = seconds[lattice.count - 1]
  const most = Math.max(1, Math.floor(Math.min(rules.mostReplicas, rules.deviceCount) / grain))
  let [inside, parametersInside, activationsInside] = [0, 0, 0]
  return {
    options: Array.from({ length: most }, (_, r) => ({ resource: 0, amount: r + 1 })),
    raiseFloor() {},
    lowerFloor() {},
    add(c) {
      inside += problem.seconds[c]
    },
    remove(c) {
      inside -= problem.seconds[c]
    },
    loads(from, to, into) {
      const stage = {
        seconds: seconds[to] - seconds[from],
        parameterBytes: parameterBytes[to] - parameterBytes[from],
        entering: crossing[from],
        leaving: crossing[to],
        isFirst: from === 0,
      }
      parametersInside = stage.parameterBytes
      activationsInside = activationBytes[to] - activationBytes[from]
      for (let r = 1; r <= most; r++) into[r - 1] = stageSeconds(rules, r * grain, stage)
    },
    allows: (option, left) =>
      stageBytes(parametersInside, activationsInside, (option + 1) * grain, left[0] * grain) <= rules.memoryBytes,
    // A hair of slack, for sums of seconds that grow and shrink again.
    isHopeless: (limit) => inside / (most * grain) > limit * (1 + 1e-9),
    canFinish: (ideal, left, limit) => (total - seconds[ideal]) * (1 - 1e-9) <= left[0] * grain * limit,
  }
}

function prefixSums({ count, parent, last }: IdealLattice, values: Float64Array): Float64Array {
  const sums = new Float64Array(count)
  for (let i = 1; i < count; i++) sums[i] = sums[parent[i]] + values[last[i]]
  return sums
}

/** Bytes made inside each ideal and read outside. */
export function crossingBytes({ tensors, componentCount }: StageProblem, lattice: IdealLattice): Float64Array {
  const { netCost, netStart, blockStart, blockNet } = tensors.columns(componentCount)
  const inside = new Int32Array(netCost.length)
  let crossing = 0
  const change = (c: number, sign: 1 | -1) => {
    for (let i = blockStart[c]; i < blockStart[c + 1]; i++) {
      const e = blockNet[i]
      const size = netStart[e + 1] - netStart[e]
      const isCut = (count: number) => (count > 0 && count < size ? netCost[e] : 0)
      crossing += isCut(inside[e] + sign) - isCut(inside[e])
      inside[e] += sign
    }
  }
  const move = floorMover(lattice, { raiseFloor: (c) => change(c, 1), lowerFloor: (c) => change(c, -1) })
  return Float64Array.from({ length: lattice.count }, (_, ideal) => {
    move(ideal)
    return crossing
  })
}
