import { LocalSearch } from './localSearch.js'
import type { Network } from './network.js'

/** Lower bounds on when things can happen, measured from the start of the step; of a mirrored network: from its end. */
export interface Heads {
  /** head[kind][op]: no schedule has all inputs of the op on a device of the kind before. */
  readonly head: readonly Float64Array[]
  /** end[op]: no schedule ends the op before, on any device. */
  readonly end: Float64Array
}

/** Heads of all ops, each worked out from those of its ancestors by `LocalSearch` with at most so many branches (1: no search, the longest path). */
export function heads(network: Network, nodes: number, nodesOf?: Int32Array): Heads {
  const { count, order, kindTicks } = network
  const head = kindTicks.map(() => new Float64Array(count))
  const end = new Float64Array(count)
  const search = new LocalSearch(network, nodes)
  for (const op of order) {
    end[op] = Number.POSITIVE_INFINITY
    for (let kind = 0; kind < head.length; kind++) {
      if (kindTicks[kind][op] < 0) continue
      head[kind][op] = search.arrival(op, kind, head[kind], end, nodesOf?.[op])
      end[op] = Math.min(end[op], head[kind][op] + kindTicks[kind][op])
    }
  }
  return { head, end }
}
