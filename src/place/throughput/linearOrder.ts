import type { LoadProblem } from './loadProblem.js'
import type { PipelineOrder } from './pipelineOrder.js'

export interface LinearOrderOptions {
  readonly random: () => number
  /** 0: the next component at random; 1: always the one after which the least communication crosses. */
  readonly greed: number
  /** Where given, components of lower stages go first. */
  readonly stageOf?: Int32Array
}

/** As many of the ready components are weighed against each other. */
const mostWeighed = 24

/**
 * One total order of the components, made to be cut: of the last few ready ones it takes the one that leaves the least cost of nets across.
 * Post: a topological order.
 */
export function linearOrder(loads: LoadProblem, order: PipelineOrder, options: LinearOrderOptions): Int32Array {
  const { random, greed, stageOf } = options
  const { netCost, netStart, blockStart, blockNet } = loads
  const { successors, predecessors, count } = order
  const waiting = Int32Array.from({ length: count }, (_, c) => predecessors.start[c + 1] - predecessors.start[c])
  const ready: number[] = []
  const placed = new Int32Array(netCost.length)
  const crossing = (c: number) => {
    let cost = 0
    for (let i = blockStart[c]; i < blockStart[c + 1]; i++) {
      const e = blockNet[i]
      const size = netStart[e + 1] - netStart[e]
      if (placed[e] === 0) cost += netCost[e]
      else if (placed[e] === size - 1) cost -= netCost[e]
    }
    return cost
  }
  const pick = (): number => {
    let best = ready.length - 1
    let bestKey = Number.POSITIVE_INFINITY
    let bestStage = Number.POSITIVE_INFINITY
    const isGreedy = random() < greed
    for (let i = ready.length - 1; i >= Math.max(0, ready.length - mostWeighed); i--) {
      const stage = stageOf ? stageOf[ready[i]] : 0
      if (stage > bestStage) continue
      const key = isGreedy ? crossing(ready[i]) : random()
      if (stage === bestStage && key >= bestKey) continue
      best = i
      bestKey = key
      bestStage = stage
    }
    const [c] = ready.splice(best, 1)
    return c
  }
  for (let c = count - 1; c >= 0; c--) if (waiting[c] === 0) ready.push(c)
  const sequence = new Int32Array(count)
  for (let at = 0; at < count; at++) {
    const c = pick()
    sequence[at] = c
    for (let i = blockStart[c]; i < blockStart[c + 1]; i++) placed[blockNet[i]]++
    for (let k = successors.start[c]; k < successors.start[c + 1]; k++)
      if (--waiting[successors.to[k]] === 0) ready.push(successors.to[k])
  }
  return sequence
}
